"""The notice itself: a short layer for the form and the whole text, in two wordings, with names and durations filled in."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from contracts.fact import Locale
from contracts.retention import Retention
from contracts.territories import TERRITORIES
from services.registration.notices.durations import in_words
from services.registration.notices.versions import folder, known

T = TypeVar("T", "Short", "ProcessingPurpose")

Law = Literal["rgpd", "adapted"]
"""Under which law a meetup is held: the RGPD itself, or the French law that carries it into some overseas territories."""


class _Text(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Short(_Text):
    """The first layer, beside the form."""

    purpose: str
    optional: str
    duration: str
    rights: str


class ProcessingPurpose(_Text):
    """One thing that data are used for."""

    what: str
    data: str
    basis: str
    kept: str


class Section(_Text):
    """A part of the notice under its heading."""

    id: str
    heading: str
    paragraphs: tuple[str, ...]
    purposes: tuple[ProcessingPurpose, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One version in one language and wording, ready to be shown. Plain text throughout."""

    version: str
    valid_from: date
    law: Law
    short: Short
    sections: tuple[Section, ...]


def law_of(territory: str) -> Law:
    """Return under which law a meetup of a territory is held."""
    known_ = TERRITORIES.get(territory)
    return "adapted" if known_ is not None and known_.adapted_law else "rgpd"


def notice(
    version: str | None = None,
    *,
    language: Locale,
    controllers: Sequence[str],
    retention: Retention,
    law: Law = "rgpd",
    together: bool | None = None,
) -> Notice:
    """Return the notice with the names of the controllers, lead first, and the durations that the nightly job applies.

    `together` says whether they are several, where their number does not (one name may stand for many).

    Raises UnknownVersion.
    """
    found = known(version)
    texts = _read(found.name, language)
    wording = texts.wording[law]
    who = texts.together if (together or (together is None and len(controllers) > 1)) else texts.alone
    values = {**wording, **in_words(retention, language), "controllers": _listed(controllers, language)}
    values |= {key: text.format_map(values) for key, text in who.items()}
    return Notice(
        version=found.name,
        valid_from=found.valid_from,
        law=law,
        short=_filled(texts.short, values),
        sections=tuple(_section(section, values) for section in texts.sections),
    )


class _File(_Text):
    short: Short
    alone: dict[str, str]
    together: dict[str, str]
    wording: dict[Law, dict[str, str]]
    sections: tuple[Section, ...]


@cache
def _read(version: str, language: Locale) -> _File:
    return _File.model_validate(tomllib.loads(folder().joinpath(version, f"{language}.toml").read_text("utf-8")))


def _section(section: Section, values: Mapping[str, str]) -> Section:
    paragraphs = tuple(text.format_map(values) for text in section.paragraphs)
    purposes = tuple(_filled(purpose, values) for purpose in section.purposes)
    return section.model_copy(update={"paragraphs": paragraphs, "purposes": purposes})


def _filled(text: T, values: Mapping[str, str]) -> T:
    return type(text)(**{key: words.format_map(values) for key, words in text.model_dump().items()})


def _listed(names: Sequence[str], language: Locale) -> str:
    *first, last = names
    return f"{', '.join(first)} {'et' if language == 'fr' else 'and'} {last}" if first else last
