"""The notice itself: a short layer for the form and the whole text, in two wordings, with names and durations filled in."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from contracts.fact import Locale
from contracts.retention import Retention
from contracts.territories import TERRITORIES
from services.registration.notices.durations import in_words
from services.registration.notices.versions import folder, known

Law = Literal["rgpd", "adapted"]
"""Under which law a meetup is held: the RGPD itself, or the French law that carries it into some overseas territories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """The first layer, beside the form."""

    purpose: str
    optional: str
    duration: str
    rights: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingPurpose:
    """One thing that data are used for."""

    what: str
    data: str
    basis: str
    kept: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the notice under its heading."""

    id: str
    heading: str
    paragraphs: tuple[str, ...]
    purposes: tuple[ProcessingPurpose, ...]


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
        short=Short(**{key: text.format_map(values) for key, text in texts.short.model_dump().items()}),
        sections=tuple(_section(section, values) for section in texts.sections),
    )


class _Texts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Short(_Texts):
    purpose: str
    optional: str
    duration: str
    rights: str


class _Purpose(_Texts):
    what: str
    data: str
    basis: str
    kept: str


class _Section(_Texts):
    id: str
    heading: str
    paragraphs: tuple[str, ...]
    purposes: tuple[_Purpose, ...] = ()


class _File(_Texts):
    short: _Short
    alone: dict[str, str]
    together: dict[str, str]
    wording: dict[Law, dict[str, str]]
    sections: tuple[_Section, ...]


@cache
def _read(version: str, language: Locale) -> _File:
    return _File.model_validate(tomllib.loads(folder().joinpath(version, f"{language}.toml").read_text("utf-8")))


def _section(section: _Section, values: Mapping[str, str]) -> Section:
    return Section(
        id=section.id,
        heading=section.heading,
        paragraphs=tuple(text.format_map(values) for text in section.paragraphs),
        purposes=tuple(
            ProcessingPurpose(**{key: text.format_map(values) for key, text in purpose.model_dump().items()})
            for purpose in section.purposes
        ),
    )


def _listed(names: Sequence[str], language: Locale) -> str:
    *first, last = names
    return f"{', '.join(first)} {'et' if language == 'fr' else 'and'} {last}" if first else last
