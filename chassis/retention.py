"""Deletes what has outlived its term: a dry run by kind, small batches, and one run a night whatever the number of workers.

A service names its kinds of data, each with the query that finds what is due and the act that removes a batch of it.
"""

import asyncio
from calendar import monthrange
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import asyncpg

from chassis import logging, telemetry
from chassis.clock import Clock
from chassis.database import AWAY, Database
from chassis.sql import Query, load_queries

BATCH = 500
LOOK_EVERY = 600.0
NIGHT_BEGINS = 2
"""Hour in UTC from which on tonight's run may begin: the small hours in Europe, where most people sleep."""

TOO_LONG = (
    TimeoutError,
    asyncpg.QueryCanceledError,
    asyncpg.TransactionTimeoutError,
    asyncpg.LockNotAvailableError,
)
_TURN = 0x52455445
_queries = load_queries("chassis")
_log = logging.get(__name__)
_removed = telemetry.meter("retention").create_counter(
    "rencontres.retention.removed", description="Rows that had outlived their term, by kind."
)
_last_run = telemetry.Gauge(
    "rencontres.retention.last_run", unit="s", description="When the last nightly run ended, in Unix time."
)


@dataclass(frozen=True, slots=True)
class Term:
    """How long something is kept: `rule` in words, `before` the instant that data must be older than to have outlived it."""

    rule: str
    before: Callable[[datetime], datetime]


Remove: TypeAlias = Callable[[datetime, int], Awaitable[int]]
"""Takes the instant before which data have outlived their term and the size of a batch; returns how many it removed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data. `due` takes the instant before which data have outlived their term, and returns `count` and `oldest`."""

    name: str
    term: Term
    _: KW_ONLY
    due: Query
    remove: Remove


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a run would remove of one kind."""

    kind: str
    rule: str
    count: int
    oldest: datetime | None


def at_once(since: str) -> Term:
    """Return the term of what goes in the very next night."""
    return Term(f"as soon as {since}", lambda now: now)


def days(count: int, since: str) -> Term:
    """Return a term of so many days; `since` says after what."""
    return Term(f"{count} days {since}", lambda now: now - timedelta(days=count))


def months(count: int, since: str) -> Term:
    """Return a term of so many calendar months; 31 May less three months is the last of February."""

    def before(now: datetime) -> datetime:
        year, month = divmod(now.year * 12 + now.month - 1 - count, 12)
        return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))

    return Term(f"{count} months {since}", before)


def deleting(database: Database, statement: Query) -> Remove:
    """Return what runs a statement that removes a batch, in a transaction of its own."""

    async def delete(before: datetime, limit: int) -> int:
        async with database.patient() as connection:
            return int((await statement.execute(connection, before, limit)).split()[-1])

    return delete


async def survey(database: Database, kinds: Sequence[Kind], *, now: datetime) -> list[Due]:
    """Return what is due of each kind, and change nothing."""
    found = []
    for kind in kinds:
        async with database.patient() as connection:
            row = await kind.due.fetchrow(connection, kind.term.before(now))
        count, oldest = (row["count"], row["oldest"]) if row else (0, None)
        found.append(Due(kind=kind.name, rule=kind.term.rule, count=count, oldest=oldest))
    return found


async def forget(kinds: Sequence[Kind], *, now: datetime, batch: int = BATCH) -> dict[str, int]:
    """Remove all that is due, kind after kind in their order, a batch a transaction; return how many of each.

    A kind that takes too long is reported and left to the next night; those after it go.
    """
    return {kind.name: await _forget_kind(kind, before=kind.term.before(now), batch=batch) for kind in kinds}


async def _forget_kind(kind: Kind, *, before: datetime, batch: int) -> int:
    removed = 0
    try:
        while gone := await kind.remove(before, batch):
            removed += gone
            _removed.add(gone, {"kind": kind.name})
            if gone < batch:
                break
    except TOO_LONG as error:
        _log.error("a kind of data takes too long to be forgotten", kind=kind.name, removed=removed, exc_info=error)
    return removed


async def tonight(database: Database, kinds: Sequence[Kind], *, clock: Clock) -> dict[str, int] | None:
    """Do tonight's run unless it is done, under way elsewhere, or the night has not begun; None when nothing was to do."""
    now = clock.now()
    night = (now - timedelta(hours=NIGHT_BEGINS)).date()
    # The lock belongs to the connection: should this process die, the next worker finds the run unfinished and goes on with it.
    async with database.connection() as turn:
        if not await _queries.try_retention_turn.fetchval(turn, _TURN):
            return None
        if await _queries.begin_retention_run.fetchrow(turn, night, now) is None:
            return None
        removed = await forget(kinds, now=now)
        await _queries.finish_retention_run.execute(turn, night, max(clock.now(), now), removed)
    _last_run.set(now.timestamp())
    _log.info("retention done", night=night.isoformat(), **removed)
    return removed


async def every_night(
    database: Database, kinds: Sequence[Kind], *, clock: Clock, look_every: float = LOOK_EVERY
) -> None:
    """Run for ever, once a night."""
    while True:
        try:
            await tonight(database, kinds, clock=clock)
        except AWAY as error:
            _log.warning("the database does not answer", exc_info=error)
        except asyncpg.PostgresError as error:
            _log.error("retention failed", exc_info=error)
        await asyncio.sleep(look_every)


def table(found: Sequence[Due]) -> str:
    """Return a survey as a table to read."""
    rows = [("kind", "due", "oldest", "rule")]
    rows += [(due.kind, str(due.count), f"{due.oldest:%Y-%m-%d}" if due.oldest else "-", due.rule) for due in found]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)
