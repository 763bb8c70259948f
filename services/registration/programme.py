"""What everybody may look for in the programme: pages, counts, a month, what is close where nothing is found, and what feeds tell."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from services.registration.store import programme as store
from services.registration.store.meetups import Sheet
from services.registration.store.programme import Counts, Found, Mark, MonthDay, Search
from services.registration.work import Work

INDEXED = timedelta(days=365)
MAP = 20_000
"""Meetups a site map tells of: it may hold 50,000 addresses, and each has one for each language."""
REMEMBERED = timedelta(days=30)
"""How long feeds keep what is over or called off, so that whoever fetches them once in a while hears of it."""


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


async def nearest(work: Work, search: Search, *, limit: int) -> list[Sheet]:
    """Return what is to come by the same wishes on other days, the closest first; nothing if no days were asked for."""
    if search.since is None:
        return []
    # Days asked for may be over; what is proposed is not.
    whenever = replace(search, since=None, until=None, past=False)
    async with work.database.connection() as connection:
        noon = datetime.combine(search.since, time(12))
        return await store.nearest(connection, whenever, to=noon, limit=limit, now=work.clock.now())


async def month(work: Work, search: Search, *, a_day: int) -> list[MonthDay]:
    """Return the days asked for that have meetups: the first of each, and how many there are. What is over is there, too."""
    async with work.database.connection() as connection:
        return await store.month(connection, search, a_day=a_day, now=work.clock.now())


async def feed(work: Work, search: Search, *, remember: timedelta = timedelta(), limit: int) -> list[Sheet]:
    """Return what a feed tells: what is to come, what was called off of late, and for as long as it is asked to what is over."""
    now = work.clock.now()
    async with work.database.connection() as connection:
        return await store.feed(connection, search, since=now - remember, cancelled_since=now - REMEMBERED, limit=limit)


async def addresses(work: Work) -> list[tuple[str, datetime]]:
    """Return slug and last change of the meetups search engines are told of."""
    async with work.database.connection() as connection:
        return await store.addresses(connection, since=work.clock.now() - INDEXED, limit=MAP)
