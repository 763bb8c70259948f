"""What kinds of rows and their keys are called, in French and English: in the readable export, and as its documentation in the JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict

from contracts.fact import Locale
from contracts.vocabularies import ATTENDANCE_MODES, HEADCOUNTS, IDENTIFIER_SCHEMES, NEEDS, ROLES, SECTORS, Vocabulary

_VOCABULARIES: Mapping[str, Vocabulary] = MappingProxyType(
    {
        "headcount": HEADCOUNTS,
        "identifier_scheme": IDENTIFIER_SCHEMES,
        "mode": ATTENDANCE_MODES,
        "needs": NEEDS,
        "role": ROLES,
        "sector": SECTORS,
    }
)


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    fr: str
    en: str


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    texts: dict[str, _Words]
    kinds: dict[str, _Words]
    keys: dict[str, _Words]
    values: dict[str, dict[str, _Words]]


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one language."""

    locale: Locale

    def text(self, name: str, **values: str) -> str:
        """Return a sentence of the document."""
        return self._in(_read().texts[name]).format(**values)

    def kind(self, kind: str) -> str:
        """Return what a kind of row is; its bare name when a service is newer than these words."""
        return self._in(_read().kinds[kind]) if kind in _read().kinds else kind

    def key(self, key: str) -> str:
        """Return what a key means; the key itself when a service is newer than these words."""
        return self._in(_read().keys[key]) if key in _read().keys else key

    def value(self, key: str, code: str) -> str:
        """Return what a code means under a key; what is no code, or a newer one, as it is."""
        if found := _read().values.get(key, {}).get(code):
            return self._in(found)
        return _VOCABULARIES[key].label(code, self.locale) if key in _VOCABULARIES else code

    def _in(self, words: _Words) -> str:
        return words.fr if self.locale == "fr" else words.en


def labels(locale: Locale) -> Labels:
    """Return the words of a language."""
    return Labels(locale)


def known_keys() -> frozenset[str]:
    """Return the keys that are documented."""
    return frozenset(_read().keys)


def known_kinds() -> frozenset[str]:
    """Return the kinds that are documented."""
    return frozenset(_read().kinds)


@cache
def _read() -> _File:
    return _File.model_validate_json(files("services.registration").joinpath("people", "labels.json").read_bytes())
