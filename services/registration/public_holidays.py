"""Public holidays of a territory: Alsace and Moselle have two more than the rest, overseas each its own."""

from collections.abc import Container
from datetime import date
from functools import cache

import holidays

from contracts.territories import TERRITORIES

_OF_THE_CONCORDAT = {"57": "57", "67": "6AE", "68": "6AE"}
"""Second day of Christmas and Good Friday: article L3134-13 of the Code du travail."""


@cache
def days_off(territory: str) -> Container[date]:
    """Return the public holidays of a territory, whatever the year; those of France as a whole for one that is not known here."""
    if territory in _OF_THE_CONCORDAT:
        return holidays.country_holidays("FR", subdiv=_OF_THE_CONCORDAT[territory])
    known = TERRITORIES.get(territory)
    return holidays.country_holidays(known.iso_3166_1 if known else "FR")
