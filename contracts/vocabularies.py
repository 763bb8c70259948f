"""Codes with their labels, kept as data: a code may be added without a new major of any event, and is never taken away.

Readers show an unknown code as it is; only writers check that a code is one of these.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from contracts.fact import Code, Locale


class Term(BaseModel):
    """One code with what people read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Code
    fr: str
    en: str

    def label(self, locale: Locale) -> str:
        """Return the label in one language."""
        return self.fr if locale == "fr" else self.en


class Vocabulary(Mapping[str, Term]):
    """Terms by code, in the order in which a form lists them."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = {term.code: term for term in terms}

    def __getitem__(self, code: str) -> Term:
        return self._terms[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def label(self, code: str, locale: Locale) -> str:
        """Return the label of a code, or the code itself where a newer writer used one that is not known here."""
        term = self.get(code)
        return term.label(locale) if term else code


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    formats: tuple[Term, ...]
    attendance_modes: tuple[Term, ...]
    headcounts: tuple[Term, ...]
    organiser_kinds: tuple[Term, ...]
    firm_registers: tuple[Term, ...]
    audiences: tuple[Term, ...]
    levels: tuple[Term, ...]
    sectors: tuple[Term, ...]
    needs: tuple[Term, ...]
    roles: tuple[Term, ...]
    identifier_schemes: tuple[Term, ...]


_FILE = _File.model_validate_json(files("contracts").joinpath("vocabularies.json").read_bytes())

FORMATS = Vocabulary(_FILE.formats)
ATTENDANCE_MODES = Vocabulary(_FILE.attendance_modes)
HEADCOUNTS = Vocabulary(_FILE.headcounts)
"""Bands of people employed by a firm, as an attendee knows them. A band is no legal size class (décret 2008-1354 needs turnover too)."""
ORGANISER_KINDS = Vocabulary(_FILE.organiser_kinds)
FIRM_REGISTERS = Vocabulary(_FILE.firm_registers)
AUDIENCES = Vocabulary(_FILE.audiences)
LEVELS = Vocabulary(_FILE.levels)
SECTORS = Vocabulary(_FILE.sectors)
"""Sectors in plain words: nobody is asked for a code, whose nomenclature changes (NAF 2025 replaces NAF rev. 2 on 1 January 2027)."""
NEEDS = Vocabulary(_FILE.needs)
ROLES = Vocabulary(_FILE.roles)
IDENTIFIER_SCHEMES = Vocabulary(_FILE.identifier_schemes)
"""Numbers of firms and associations; outside the reach of SIRENE a firm has another one, or none."""
NOT_ASKED = "unasked"
"""Stands for a headcount that a form with the least of data (AI cafés) did not ask for. No form offers it."""
