"""The rules of a time zone around one year, as iCalendar wants them beside every event (RFC 5545, 3.6.5).

Written by hand: `icalendar` 7.3 puts the onset of summer time at the hour that follows it, so that the very night of a change is an hour
off in calendars that read the rules instead of the zone's name. An onset is told in the local time that it ends.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_CRLF = "\r\n"
_STRIDE = timedelta(days=7)
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1024)
def vtimezone(zone: str, year: int) -> bytes:
    """Return the component: what holds when the year before begins, and each change until the year after ends."""
    tz = ZoneInfo(zone)
    first, last = datetime(year - 1, 1, 1, tzinfo=UTC), datetime(year + 2, 1, 1, tzinfo=UTC)
    at_first = first.astimezone(tz)
    observances = [_observance(_ALWAYS.replace(tzinfo=None), at_first, before=at_first)]
    for onset in _onsets(tz, first, last):
        before, after = (onset - timedelta(seconds=1)).astimezone(tz), onset.astimezone(tz)
        local = (onset + _offset(before)).replace(tzinfo=None)
        observances.append(_observance(local, after, before=before))
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}", *(line for lines in observances for line in lines), "END:VTIMEZONE", ""]
    return _CRLF.join(lines).encode()


def _onsets(tz: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """Find the instants at which clocks change, to the second. No place changes them twice within a week."""
    left = first
    while left < last:
        right = min(left + _STRIDE, last)
        if _rule(left, tz) != _rule(right, tz):
            yield _onset(tz, left, right)
        left = right


def _onset(tz: ZoneInfo, left: datetime, right: datetime) -> datetime:
    old = _rule(left, tz)
    while right - left > timedelta(seconds=1):
        middle = left + timedelta(seconds=int((right - left).total_seconds()) // 2)
        left, right = (middle, right) if _rule(middle, tz) == old else (left, middle)
    return right


def _rule(moment: datetime, tz: ZoneInfo) -> tuple[timedelta, str | None]:
    local = moment.astimezone(tz)
    return _offset(local), local.tzname()


def _observance(onset: datetime, after: datetime, *, before: datetime) -> tuple[str, ...]:
    kind = "DAYLIGHT" if after.dst() else "STANDARD"
    return (
        f"BEGIN:{kind}",
        f"DTSTART:{onset:%Y%m%dT%H%M%S}",
        f"TZNAME:{after.tzname()}",
        f"TZOFFSETFROM:{_signed(_offset(before))}",
        f"TZOFFSETTO:{_signed(_offset(after))}",
        f"END:{kind}",
    )


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def _signed(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"
