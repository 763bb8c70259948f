"""What somebody on a waiting list may honestly be told: how often a rank like theirs was offered a seat, of how many lists, or nothing yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.registration.registering import Shown
from services.registration.store import queries
from services.registration.work import Work

THRESHOLD = 10
"""Past waiting lists below which no figure is given: one more or less would turn it around."""

LATEST = 100
"""Waiting lists looked at, of the last twelve months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """In the last `days` before the start, `reached` of `base` past waiting lists offered at least `rank` seats."""

    rank: int
    days: int
    base: int
    reached: int

    @property
    def known(self) -> bool:
        """Whether there is enough to say anything."""
        return self.base >= self.threshold

    @property
    def threshold(self) -> int:
        """Past waiting lists below which nothing is said."""
        return THRESHOLD


async def odds_of(work: Work, shown: Shown) -> Odds | None:
    """Return what is known for a registration that waits; None for any other."""
    meetup, now = shown.sheet.meetup, work.clock.now()
    if shown.position is None or meetup.occasion.starts_at <= now:
        return None
    days = days_left(meetup.occasion.starts_at, now=now)
    async with work.database.connection() as connection:
        row = await queries.offers_on_waiting_lists.fetchrow(connection, now, days, shown.position, meetup.demo, LATEST)
    return Odds(rank=shown.position, days=days, base=row["base"], reached=row["reached"]) if row else None


def days_left(starts_at: datetime, *, now: datetime) -> int:
    """Return the days until the start, begun ones whole and at least two: « the last 2 days » is the least that sounds like a span."""
    return max(2, -((now - starts_at) // timedelta(days=1)))
