"""The territories of the network: 101 departments and the inhabited overseas collectivities, as data with its source.

A territory gives no time of day by itself: a venue picks one of its zones. No territory is a default.
"""

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.fact import Code


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Row):
    """Where the data comes from; the licence asks for it to be shown wherever the data is."""

    title: str
    url: str
    vintage: str
    licence: str
    extracted_from: str
    changes: str


class Region(_Row):
    """A region (`R84`), or a collectivity that belongs to none (`C975`); the letter keeps it apart from department codes."""

    code: Code
    name: str


class Territory(_Row):
    """A department or an overseas collectivity, under its code of the Code officiel géographique."""

    code: Code
    name: str
    level: Literal["department", "collectivity"]
    region: Code
    iso_3166_1: str = Field(pattern=r"^[A-Z]{2}$")
    timezones: tuple[str, ...] = Field(min_length=1)
    currency: Literal["EUR", "XPF"]
    firm_register: Code
    adapted_law: bool = Field(description="the RGPD applies through the loi Informatique et Libertés, with other words")

    @property
    def timezone(self) -> str:
        """The zone a venue gets unless it picks another of `timezones`."""
        return self.timezones[0]

    @property
    def overseas(self) -> bool:
        """Whether it lies outside European France."""
        return self.iso_3166_1 != "FR"


class LeftOut(_Row):
    """A territory of the COG in which no meetup can be held."""

    code: Code
    name: str
    reason: str


class _File(_Row):
    source: Source
    notes: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    regions: tuple[Region, ...]
    territories: tuple[Territory, ...]


_FILE = _File.model_validate_json(files("contracts").joinpath("territories.json").read_bytes())

SOURCE = _FILE.source
LEFT_OUT = _FILE.left_out
REGIONS: Mapping[str, Region] = MappingProxyType({region.code: region for region in _FILE.regions})
TERRITORIES: Mapping[str, Territory] = MappingProxyType({territory.code: territory for territory in _FILE.territories})
"""By code: two characters for European France, three overseas."""
