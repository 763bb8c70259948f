"""What the clock on the venue's wall shows, and the instant it stands for. The wall time is kept; the instant is derived from it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from contracts.territories import TERRITORIES
from services.registration.domain.refusals import NoSuchWallTime, ZoneOutsideTerritory


def instant_of(wall: datetime, *, zone: str, field: str = "starts_local") -> datetime:
    """Return the UTC instant of a wall time. An hour that comes twice in autumn is the first of the two (fold 0).

    `field` names it in a refusal.

    Raises:
        NoSuchWallTime: clocks jump over it in spring.
    """
    tz = ZoneInfo(zone)
    instant = wall.replace(tzinfo=tz, fold=0).astimezone(UTC)
    if instant.astimezone(tz).replace(tzinfo=None) != wall:
        raise NoSuchWallTime(field)
    return instant


def zone_of(territory: str, zone: str | None) -> str:
    """Return the venue's zone: the one chosen, if the territory has it, or the territory's first.

    Raises:
        ZoneOutsideTerritory: the territory lies in other zones.
    """
    zones = TERRITORIES[territory].timezones
    if zone is None:
        return zones[0]
    if zone not in zones:
        raise ZoneOutsideTerritory(f"{territory} lies in {', '.join(zones)}")
    return zone
