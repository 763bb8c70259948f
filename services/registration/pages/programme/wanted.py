"""What an address of the programme asks for. An address cut short or made up is no error: what makes no sense is left out.

A postal code is never taken for a territory (97150 is Saint-Martin, 20000 is in Corse-du-Sud, 03250 reaches into another department).
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from contracts.territories import TERRITORIES
from contracts.vocabularies import AUDIENCES, FORMATS, LEVELS, NEEDS, SECTORS, Vocabulary
from services.registration.store.programme import FilterName, Mode, Search

FILTERS = ("territoire", "q", "quand", "format", "public", "niveau", "secteur", "besoin", "mode")
"""Names in addresses, in the order in which a page shows them."""
NAMES: Mapping[FilterName, str] = MappingProxyType(
    {
        "territory": "territoire",
        "words": "q",
        "days": "quand",
        "format": "format",
        "audience": "public",
        "level": "niveau",
        "sector": "secteur",
        "need": "besoin",
        "mode": "mode",
    }
)
VOCABULARIES: Mapping[str, Vocabulary] = MappingProxyType(
    {"format": FORMATS, "public": AUDIENCES, "niveau": LEVELS, "secteur": SECTORS, "besoin": NEEDS}
)
MODES: tuple[Mode, ...] = ("onsite", "online")
LONGEST = 100

_POSTAL_CODE = re.compile(r"\d{5}")
_DAYS = re.compile(r"(2[01]\d\d)-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def _line(value: object) -> str:
    return " ".join(_CONTROLS.sub(" ", value).split())[:LONGEST] if isinstance(value, str) else ""


def _code(vocabulary: Vocabulary) -> BeforeValidator:
    return BeforeValidator(lambda value: value if isinstance(value, str) and value in vocabulary else "")


def _mode(value: object) -> Mode | None:
    return next((mode for mode in MODES if mode == value), None)


def _days(value: object) -> str:
    """Keep a month (`2027-02`) or a day of it (`2027-02-04`) that exists."""
    if not isinstance(value, str) or not (found := _DAYS.fullmatch(value)):
        return ""
    try:
        date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return ""
    return value


Line = Annotated[str, BeforeValidator(_line)]


class Wanted(BaseModel):
    """The filters of an address."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    territoire: Line = ""
    q: Line = ""
    quand: Annotated[str, BeforeValidator(_days)] = ""
    format: Annotated[str, _code(FORMATS)] = ""
    public: Annotated[str, _code(AUDIENCES)] = ""
    niveau: Annotated[str, _code(LEVELS)] = ""
    secteur: Annotated[str, _code(SECTORS)] = ""
    besoin: Annotated[str, _code(NEEDS)] = ""
    mode: Annotated[Mode | None, BeforeValidator(_mode)] = None

    @property
    def territory(self) -> str | None:
        """The territory asked for, if there is such a one."""
        return self.territoire.upper() if self.territoire.upper() in TERRITORIES else None

    @property
    def unknown_territory(self) -> bool:
        """Whether something was asked for that is no territory."""
        return bool(self.territoire) and self.territory is None

    @property
    def postal_code(self) -> str | None:
        """The postal code that was typed where a territory or words belong."""
        typed = (self.territoire if self.unknown_territory else "", self.q)
        return next((text for text in typed if _POSTAL_CODE.fullmatch(text)), None)

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day asked for."""
        if not self.quand:
            return None
        first = date.fromisoformat(self.quand if len(self.quand) > len("2027-02") else f"{self.quand}-01")
        if len(self.quand) > len("2027-02"):
            return first, first
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def chosen(self) -> Mapping[str, str]:
        """What is asked for and makes sense, by its name in addresses."""
        values = {name: getattr(self, name) for name in FILTERS} | {"territoire": self.territory}
        return {name: value for name, value in values.items() if value}

    def but(self, *dropped: str, **changed: str) -> Mapping[str, str]:
        """Return the query of the same wishes without some of them, or with others."""
        kept = {name: value for name, value in self.chosen.items() if name not in dropped}
        return kept | {name: value for name, value in changed.items() if value}

    def search(self, *, past: bool = False) -> Search:
        """Return it for the use case."""
        since, until = self.days or (None, None)
        return Search(
            territories=(self.territory,) if self.territory else (),
            since=since,
            until=until,
            format=self.format or None,
            audience=self.public or None,
            level=self.niveau or None,
            sector=self.secteur or None,
            need=self.besoin or None,
            mode=self.mode,
            words=self.q or None,
            past=past,
        )
