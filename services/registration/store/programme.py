"""The programme as it is searched: pages that follow each other, counts, and what helps where nothing is found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal
from uuid import UUID

import asyncpg

from chassis.database import Connection
from services.registration.domain.meetups import Meetup
from services.registration.keywords import keywords_of
from services.registration.store import queries
from services.registration.store.meetups import Sheet, sheet_of

Mode = Literal["onsite", "online"]
FilterName = Literal["territory", "days", "format", "audience", "level", "sector", "need", "mode", "words"]

_COMMITTED = timedelta(seconds=10)
"""A move notes its moment and commits a little later, and clocks of machines differ a little: a walk begins this long ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a visitor looks for. Days are those of the venue; without `since`, what is over is left out, with `past` all the rest is."""

    territories: tuple[str, ...] = ()
    """Any of them; none is all."""
    outside: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    format: str | None = None
    audience: str | None = None
    level: str | None = None
    sector: str | None = None
    need: str | None = None
    mode: Mode | None = None
    """How one may attend: hybrid meetups are found by both."""
    words: str | None = None
    past: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """The last meetup of a page: where it stood when the walk began. The next page begins after it."""

    stood_at: datetime
    meetup_id: UUID
    began: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A page of meetups, and the mark of the next one, if there is one."""

    sheets: list[Sheet]
    next: Mark | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many meetups pass, and how many would without one of the filters."""

    found: int
    without: Mapping[FilterName, int]


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of the venues that has meetups: the first of them, and how many there are."""

    day: date
    sheets: list[Sheet]
    meetups: int


async def page(connection: Connection, search: Search, *, after: Mark | None, limit: int, now: datetime) -> Found:
    """Return a page by start, the latest first for what is past."""
    began = after.began if after else now - _COMMITTED
    query = queries.programme_page_back if search.past else queries.programme_page
    rows = await query.fetch(
        connection,
        _filter(search, now=now),
        began,
        after.stood_at if after else None,
        after.meetup_id if after else None,
        limit + 1,
    )
    shown = rows[:limit]
    more = Mark(shown[-1]["stood_at"], shown[-1]["id"], began) if len(rows) > limit else None
    return Found(_sheets(shown), more)


async def best(connection: Connection, search: Search, *, limit: int, now: datetime) -> list[Sheet]:
    """Return the meetups that fit the words best."""
    return _sheets(await queries.programme_best.fetch(connection, _filter(search, now=now), now, limit))


async def nearest(connection: Connection, search: Search, *, to: datetime, limit: int, now: datetime) -> list[Sheet]:
    """Return the meetups closest to a wall time."""
    return _sheets(await queries.programme_nearest.fetch(connection, _filter(search, now=now), now, to, limit))


async def counts(connection: Connection, search: Search, *, now: datetime) -> Counts:
    """Count what is found, and what each filter keeps away."""
    rows = await queries.programme_counts.fetch(connection, _filter(search, now=now), now)
    by_name = {row["missed"]: row["meetups"] for row in rows}
    found = by_name.pop(None, 0)
    return Counts(found, {name: found + more for name, more in by_name.items()})


async def month(connection: Connection, search: Search, *, a_day: int, now: datetime) -> list[MonthDay]:
    """Return the days that have meetups, with the first `a_day` of each."""
    rows = await queries.programme_month.fetch(connection, _filter(search, now=now), now, a_day)
    by_day = groupby(rows, key=lambda row: (row["starts_local"].date(), row["meetups"]))
    return [MonthDay(day, _sheets(list(found)), meetups) for (day, meetups), found in by_day]


async def feed(
    connection: Connection, search: Search, *, since: datetime, cancelled_since: datetime, limit: int
) -> list[Sheet]:
    """Return what ended after a moment, or is to come, with what was called off since another."""
    rows = await queries.programme_feed.fetch(connection, _filter(search, now=since), since, cancelled_since, limit)
    return _sheets(rows)


async def set_facets(connection: Connection, meetup: Meetup) -> None:
    """Write what a locked meetup is searched by."""
    facets = meetup.programme.facets
    await queries.set_facets.execute(
        connection, meetup.id, facets.audiences, facets.level, facets.sectors, facets.needs, keywords_of(meetup)
    )


async def name_organisers(connection: Connection, meetup_ids: Collection[UUID]) -> None:
    """Let locked meetups be found by the names of their organisers as they are now."""
    await queries.name_organisers.execute(connection, list(meetup_ids))


async def rename_organiser(connection: Connection, organisation_id: UUID) -> None:
    """Let the meetups of an organisation be found by its new name."""
    rows = await queries.lock_meetups_held_by.fetch(connection, organisation_id)
    await name_organisers(connection, [row["id"] for row in rows])


async def note_move(connection: Connection, before: Meetup, *, now: datetime) -> None:
    """Keep where a locked meetup stood until now."""
    at = before.occasion
    await queries.note_move.execute(connection, before.id, now, at.starts_at, at.starts_local, at.timezone)


async def addresses(connection: Connection, *, since: datetime, limit: int) -> list[tuple[str, datetime]]:
    """Return slug and last change of what ended after a moment, or is to come."""
    rows = await queries.programme_map.fetch(connection, _filter(Search(), now=since), since, limit)
    return [(row["slug"], row["changed_at"]) for row in rows]


def _sheets(rows: Sequence[asyncpg.Record]) -> list[Sheet]:
    return [sheet_of(row) for row in rows]


def _filter(search: Search, *, now: datetime) -> tuple[object, ...]:
    """Return it as the type `programme_filter`."""
    coming = search.since is None and not search.past
    return (
        list(search.territories) or None,
        list(search.outside) or None,
        search.since,
        search.until,
        search.format,
        search.audience,
        search.level,
        search.sector,
        search.need,
        search.mode,
        search.words,
        now if coming else None,
        now if search.past else None,
    )
