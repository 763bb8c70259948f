"""When an offer of a seat ends: never while the people it is made to are asleep, off for the weekend, or on a public holiday."""

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, NOON, CLOSES = time(8), time(12), time(20)
_DAY = timedelta(days=1)
_SATURDAY = 5


def offer_end(
    now: datetime, *, span: timedelta, timezone: str, days_off: Container[date], starts_at: datetime
) -> datetime:
    """Return the end of an offer made now: `span` later if that is in working hours there, else the next working day at noon.

    Never after the start, whatever the hour of that is.

    Args:
        now: when the offer is made.
        span: how long it lasts at least, in time of the clock on the wall or not: an hour more or less at a change of time matters little.
        timezone: the venue's.
        days_off: public holidays there.
        starts_at: when the meetup begins.
    """
    zone = ZoneInfo(timezone)
    wall = (now + span).astimezone(zone)
    if _works(wall.date(), days_off) and OPENS <= wall.time() <= CLOSES:
        return min(now + span, starts_at)
    day = wall.date() if wall.time() < NOON else wall.date() + _DAY
    while not _works(day, days_off):
        day += _DAY
    return min(datetime.combine(day, NOON, tzinfo=zone).astimezone(UTC), starts_at)


def _works(day: date, days_off: Container[date]) -> bool:
    return day.weekday() < _SATURDAY and day not in days_off
