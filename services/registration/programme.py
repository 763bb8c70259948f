"""What everybody may look for in the programme: pages, counts, what helps where nothing is found, and what feeds tell."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from services.registration.store import programme as store
from services.registration.store.meetups import Sheet
from services.registration.store.programme import Counts, Found, Mark, Move, Search
from services.registration.work import Work

FEED = 500
"""Meetups a feed tells of, at most."""
REMEMBERED = timedelta(days=30)
"""How long feeds keep what is over or called off, so that whoever fetches them once in a while hears of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What to look at where nothing is found: close in time, or online from anywhere."""

    nearest: list[Sheet]
    online: list[Sheet]


async def page(work: Work, search: Search, *, after: Mark | None = None, limit: int) -> Found:
    """Return a page of published meetups by their start, the latest first for what is past."""
    async with work.database.connection() as connection:
        return await store.page(connection, search, after=after, limit=limit, now=work.clock.now())


async def best(work: Work, search: Search, *, limit: int) -> list[Sheet]:
    """Return the published meetups that fit the words best."""
    async with work.database.connection() as connection:
        return await store.best(connection, search, limit=limit, now=work.clock.now())


async def counts(work: Work, search: Search) -> Counts:
    """Count what is found, and what would be without each filter."""
    async with work.database.connection() as connection:
        return await store.counts(connection, search, now=work.clock.now())


async def help_with(work: Work, search: Search, *, limit: int) -> Help:
    """Return meetups for somebody whose search found nothing: with the same wishes on other days, or online from anywhere."""
    now = work.clock.now()
    async with work.database.connection() as connection:
        nearest: list[Sheet] = []
        if search.since is not None:
            middle = datetime.combine(search.since, time(12))
            # Days asked for may be over; what is proposed is not.
            coming = replace(search, since=None, until=None, past=False)
            nearest = await store.nearest(connection, coming, to=middle, limit=limit, now=now)
        anywhere = replace(search, territories=(), outside=(), since=None, until=None, mode="online", past=False)
        online = await store.page(connection, anywhere, after=None, limit=limit, now=now)
    return Help(nearest=nearest, online=[sheet for sheet in online.sheets if sheet not in nearest])


async def feed(work: Work, search: Search) -> list[Sheet]:
    """Return what a feed tells: what is to come, and for a while what was called off or is over."""
    now = work.clock.now()
    async with work.database.connection() as connection:
        return await store.feed(
            connection, search, since=now - REMEMBERED, cancelled_since=now - REMEMBERED, limit=FEED
        )


async def latest_move(work: Work, sheet: Sheet) -> Move | None:
    """Return where a meetup stood before it was moved last."""
    async with work.database.connection() as connection:
        return await store.latest_move(connection, sheet.meetup.id)
