"""What pages and API read of the live set: one report, all its figures of one instant."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.database import Connection, Database
from contracts.vocabularies import HEADCOUNTS
from services.analytics.domain.sizes import ProtectedLine, in_order, protect
from services.analytics.domain.statistics import By, Figures, Filters, Line
from services.analytics.store import QUERIES

EVERY_LINE = 1_000_000
_NAMES = tuple(field.name for field in fields(Figures))


@dataclass(frozen=True, slots=True)
class NamedMeetup:
    """What a meetup's line is labelled with."""

    slug: str
    title: str
    territory: str
    starts_local: datetime
    is_cancelled: bool
    demo: bool


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the report has come; `unplaced` registrations wait for the event of their meetup and are in no figure."""

    last_event_at: datetime | None
    applied_at: datetime | None
    unplaced: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by, and whether any of it is made up."""

    months: tuple[str, ...]
    territories: tuple[str, ...]
    demo: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of one breakdown; `lines_in_all` may be more than are given."""

    by: By
    lines: tuple[ProtectedLine, ...]
    lines_in_all: int
    meetups: Mapping[str, NamedMeetup]


@dataclass(frozen=True, slots=True)
class Report:
    """Totals and the breakdowns asked for."""

    totals: Figures
    tables: tuple[Table, ...]
    freshness: Freshness
    choices: Choices


async def read(database: Database, *, by: tuple[By, ...], filters: Filters, now: datetime, limit: int) -> Report:
    """Read a report in one snapshot, so that its parts add up. `limit` bounds the lines of meetups alone."""
    async with database.transaction() as connection:
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        totals = await _figures(connection, "all", filters, now, 1)
        return Report(
            totals=_line(totals[0]).figures if totals else Figures(),
            tables=tuple([await _table(connection, one, filters, now, limit) for one in by]),
            freshness=await _freshness(connection),
            choices=await _choices(connection),
        )


async def _table(connection: Connection, by: By, filters: Filters, now: datetime, limit: int) -> Table:
    if by == "size":
        rows = await QUERIES.figures_by_size.fetch(connection, now)
        lines = protect(in_order([_line(row) for row in rows], list(HEADCOUNTS)))
        return Table(by, tuple(lines), len(lines), {})
    rows = await _figures(connection, by, filters, now, limit if by == "meetup" else EVERY_LINE)
    meetups = await _named(connection, [row["key"] for row in rows]) if by == "meetup" else {}
    open_lines = sorted(
        (ProtectedLine(_line(row), frozenset()) for row in rows),
        key=lambda open_: (meetups[open_.line.key].starts_local.isoformat() if meetups else "", open_.line.key),
    )
    return Table(by, tuple(open_lines), rows[0]["lines"] if rows else 0, meetups)


async def _figures(
    connection: Connection, by: str, filters: Filters, now: datetime, limit: int
) -> list[asyncpg.Record]:
    return await QUERIES.figures_by.fetch(
        connection, by, filters.territory, filters.first_day, filters.last_day, now, limit
    )


def _line(row: asyncpg.Record) -> Line:
    return Line(row["key"], Figures(**{name: int(row[name]) for name in _NAMES if name in row}))


async def _named(connection: Connection, ids: list[str]) -> dict[str, NamedMeetup]:
    rows = await QUERIES.meetups_named.fetch(connection, [UUID(one) for one in ids])
    return {
        str(row["meetup_id"]): NamedMeetup(
            slug=row["slug"],
            title=row["title"],
            territory=row["territory"],
            starts_local=row["starts_local"],
            is_cancelled=row["status"] == "cancelled",
            demo=row["demo"],
        )
        for row in rows
    }


async def _freshness(connection: Connection) -> Freshness:
    row = await QUERIES.freshness.fetchrow(connection)
    if row is None:
        return Freshness(None, None, 0)
    return Freshness(row["last_event_at"], row["applied_at"], row["unplaced"])


async def _choices(connection: Connection) -> Choices:
    row = await QUERIES.months_and_territories.fetchrow(connection)
    if row is None or row["months"] is None:
        return Choices((), (), demo=False)
    return Choices(tuple(row["months"]), tuple(row["territories"]), row["demo"])
