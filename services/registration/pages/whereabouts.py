"""Where a visitor says to be (`chez` in an address): whose clock is shown beside the venue's. Nothing is guessed, nothing is kept.

Values are codes of territories, `FR` for all of European France, which has one clock, and `987.Pacific/Marquesas` for a territory
with several.
"""

from collections.abc import Iterator
from functools import cache

from contracts.territories import TERRITORIES
from services.registration.pages.catalogue import Catalogue
from services.registration.pages.views import Choice

EUROPEAN_FRANCE = "FR"


def clock_of(chez: str) -> str | None:
    """Return the IANA zone somebody there lives by, or None where the value says nothing."""
    if chez == EUROPEAN_FRANCE:
        return "Europe/Paris"
    code, _, zone = chez.partition(".")
    if (territory := TERRITORIES.get(code)) is None:
        return None
    if not zone:
        return territory.timezone
    return zone if zone in territory.timezones else None


def written(code: str, zone: str) -> str:
    """Return what says in an address that somebody is in this territory, in this zone of it."""
    return code if zone == TERRITORIES[code].timezone else f"{code}.{zone}"


def choices(texts: Catalogue) -> tuple[Choice, ...]:
    """List every clock of the network once, European France first."""
    home = Choice(code=EUROPEAN_FRANCE, name=str(texts.text("clock.european_france")))
    return (home, *(Choice(code=code, name=_name(code, texts)) for code in _overseas()))


@cache
def _overseas() -> tuple[str, ...]:
    return tuple(_codes())


def _codes() -> Iterator[str]:
    for territory in sorted(TERRITORIES.values(), key=lambda t: t.name):
        if territory.overseas:
            yield from (written(territory.code, zone) for zone in territory.timezones)


def _name(chez: str, texts: Catalogue) -> str:
    code = chez.partition(".")[0]
    territory = TERRITORIES[code]
    if len(territory.timezones) == 1:
        return territory.name
    return f"{territory.name}, {texts.text(f'clock.{clock_of(chez)}')}"
