"""The words of an export and of the page about one's data, French and English: of kinds of rows, their keys, and every code they hold.

A test walks every vocabulary and every set of codes that is kept of somebody: a new code without words fails.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from babel.dates import format_datetime, get_timezone, get_timezone_location
from pydantic import BaseModel, ConfigDict, JsonValue

from contracts.fact import Locale
from contracts.vocabularies import ATTENDANCE_MODES, HEADCOUNTS, IDENTIFIER_SCHEMES, NEEDS, ROLES, SECTORS, Vocabulary

VOCABULARIES: Mapping[str, Vocabulary] = MappingProxyType(
    {
        "headcount": HEADCOUNTS,
        "identifier_scheme": IDENTIFIER_SCHEMES,
        "mode": ATTENDANCE_MODES,
        "needs": NEEDS,
        "role": ROLES,
        "sector": SECTORS,
    }
)
"""Codes that have their words in the contracts, by the key they are kept under."""

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})")


class Words(BaseModel):
    """The same in each language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fr: str
    en: str


class Wording(BaseModel):
    """Sentences of the document, what rows are, what keys mean, and by key what codes mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    texts: dict[str, Words]
    kinds: dict[str, Words]
    keys: dict[str, Words]
    values: dict[str, dict[str, Words]]


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one language. What a newer service keeps, and these words do not know, is shown as it is."""

    locale: Locale

    def text(self, name: str, **values: str) -> str:
        """Return a sentence of the document."""
        return self._in(wording().texts[name]).format(**values)

    def kind(self, kind: str) -> str:
        """Return what a kind of row is."""
        return self._in(wording().kinds[kind]) if kind in wording().kinds else kind

    def key(self, key: str) -> str:
        """Return what a key means."""
        return self._in(wording().keys[key]) if key in wording().keys else key

    def rank(self, key: str) -> int:
        """Return where a key stands among the others when they are read; one that is not known comes last."""
        return list(wording().keys).index(key) if key in wording().keys else len(wording().keys)

    def value(self, key: str, code: str) -> str:
        """Return what a code means under a key; what is no code, such as a name, as it is."""
        if found := wording().values.get(key, {}).get(code):
            return self._in(found)
        return VOCABULARIES[key].label(code, self.locale) if key in VOCABULARIES else code

    def said(self, key: str, value: JsonValue, *, zone: str = "UTC") -> str:
        """Return any value as people say it: codes in words, instants by the clock of a zone, which is named beside."""
        match value:
            case bool():
                return self.text("yes" if value else "no")
            case str() if key.endswith("_at"):
                return self.moment(value, zone=zone)
            case str() if key == "timezone":
                return self._place(value)
            case str():
                return self.value(key, value)
            case list():
                return ", ".join(self.said(key, one, zone=zone) for one in value)
            case _:
                return json.dumps(value, ensure_ascii=False)

    def moment(self, text: str, *, zone: str = "UTC") -> str:
        """Return an instant as people write it, and anything else as it is: a name may look like an instant and be none."""
        if not _INSTANT.fullmatch(text):
            return text
        clock = "'UTC'" if zone == "UTC" else "'('VVVV')'"
        try:
            return format_datetime(
                datetime.fromisoformat(text), f"d MMMM y HH:mm {clock}", tzinfo=get_timezone(zone), locale=self.locale
            )
        except (ValueError, OverflowError, LookupError):
            return text

    def _place(self, zone: str) -> str:
        try:
            return str(get_timezone_location(zone, locale=self.locale, return_city=True))
        except LookupError:
            return zone

    def _in(self, words: Words) -> str:
        return words.fr if self.locale == "fr" else words.en


def labels(locale: Locale) -> Labels:
    """Return the words of a language."""
    return Labels(locale)


@cache
def wording() -> Wording:
    """Return all words, in both languages."""
    return Wording.model_validate_json(files("services.registration").joinpath("people", "labels.json").read_bytes())


def has_words(key: str, code: str) -> bool:
    """Whether a code can be said in words."""
    return code in wording().values.get(key, {}) or code in VOCABULARIES.get(key, {})
