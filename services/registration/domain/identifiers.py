"""Numbers of firms and associations: read as people type them, checked by the rule of their register, kept in one spelling.

A number that fits its rule need not exist. None is always fine: firms of the Pacific and of other countries have none of these.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_SEPARATORS = re.compile(r"[\s.\-/\u2010-\u2015\u2212]+")
_LA_POSTE = "356000000"
_LA_POSTE_HEAD_OFFICE = "35600000000048"

# RIDET: the 7 digits of the enterprise (RID), with or without the 3 of the establishment. TAHITI: 6 characters, of which the first may be
# a letter, with or without 3 digits of the establishment. RNA: W, the prefecture (a letter in it overseas and in Corsica: W9R), 7 digits.
_SIREN = re.compile(r"\d{9}", re.ASCII)
_SIRET = re.compile(r"\d{14}", re.ASCII)
_RIDET = re.compile(r"\d{7}(\d{3})?", re.ASCII)
_TAHITI = re.compile(r"[A-Z\d]\d{5}(\d{3})?", re.ASCII)
_RNA = re.compile(r"W\d[A-Z\d]\d{7}", re.ASCII)


class BadIdentifier(ValueError):
    """Raised for what cannot be a number of that register. Nothing is stored; leaving the number out is always possible."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number as it is kept: digits of ASCII and capitals, no spaces."""

    scheme: str
    value: str


def read_identifier(scheme: str, typed: str) -> Identifier:
    """Return the number in its one spelling: never what was typed, which may hold digits of other scripts.

    Raises:
        BadIdentifier: there is no such scheme, or the number breaks its rule.
    """
    rule = _RULES.get(scheme)
    value = _normalised(typed)
    if rule is None or not rule(value):
        raise BadIdentifier(f"not a number of {scheme}")
    return Identifier(scheme, value)


def _normalised(typed: str) -> str:
    """Drop separators, and write each decimal digit of whatever script (full-width ones, say) as ASCII."""
    return "".join(_ascii(character) for character in _SEPARATORS.sub("", typed)).upper()


def _ascii(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _is_siren(value: str) -> bool:
    return bool(_SIREN.fullmatch(value)) and not _all_zeros(value) and _luhn(value)


def _is_siret(value: str) -> bool:
    if not _SIRET.fullmatch(value) or _all_zeros(value[:9]):
        return False
    if value.startswith(_LA_POSTE):
        # Its establishments outgrew the checksum: the plain sum of digits is a multiple of five, its head office apart.
        return value == _LA_POSTE_HEAD_OFFICE or sum(map(int, value)) % 5 == 0
    return _luhn(value[:9]) and _luhn(value)


def _is_ridet(value: str) -> bool:
    return bool(_RIDET.fullmatch(value)) and not _all_zeros(value[:7])


def _is_tahiti(value: str) -> bool:
    return bool(_TAHITI.fullmatch(value)) and not _all_zeros(value[:6])


def _is_rna(value: str) -> bool:
    return bool(_RNA.fullmatch(value)) and not _all_zeros(value[1:])


_RULES: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {"siren": _is_siren, "siret": _is_siret, "ridet": _is_ridet, "tahiti": _is_tahiti, "rna": _is_rna}
)


def _all_zeros(value: str) -> bool:
    return not value.strip("0")


def _luhn(value: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(value)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
