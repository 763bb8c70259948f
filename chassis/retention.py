"""Deletes what has outlived its term: a dry run by kind, and removal in small batches (`chassis.nights` does it every night).

A service names its kinds of data, each with the query that finds what is due and the act that removes a batch of it.
"""

from calendar import monthrange
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import asyncpg

from chassis import logging, telemetry
from chassis.database import Database
from chassis.sql import Query

BATCH = 500

TOO_LONG = (
    TimeoutError,
    asyncpg.QueryCanceledError,
    asyncpg.TransactionTimeoutError,
    asyncpg.LockNotAvailableError,
)
_log = logging.get(__name__)
_removed = telemetry.meter("retention").create_counter(
    "rencontres.retention.removed", description="Rows that had outlived their term, by kind."
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: the rows it removed of each kind, and the kinds that took too long, of which some are left."""

    removed: dict[str, int]
    given_up: tuple[str, ...]


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


async def forget(kinds: Sequence[Kind], *, now: datetime, batch: int = BATCH) -> Outcome:
    """Remove all that is due, kind after kind in their order, a batch a transaction.

    A kind that takes too long is reported and left to the next run; those after it go.
    """
    removed = dict.fromkeys((kind.name for kind in kinds), 0)
    given_up = []
    for kind in kinds:
        try:
            async for gone in _batches(kind, before=kind.term.before(now), batch=batch):
                removed[kind.name] += gone
        except TOO_LONG as error:
            given_up.append(kind.name)
            _log.error(
                "a kind of data takes too long to be forgotten",
                kind=kind.name,
                removed=removed[kind.name],
                exc_info=error,
            )
    return Outcome(removed, tuple(given_up))


async def _batches(kind: Kind, *, before: datetime, batch: int) -> AsyncIterator[int]:
    gone = batch
    while gone >= batch:
        gone = await kind.remove(before, batch)
        _removed.add(gone, {"kind": kind.name})
        yield gone


def table(found: Sequence[Due]) -> str:
    """Return a survey as a table to read."""
    rows = [("kind", "due", "oldest", "rule")]
    rows += [(due.kind, str(due.count), f"{due.oldest:%Y-%m-%d}" if due.oldest else "-", due.rule) for due in found]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)


def account(outcome: Outcome) -> str:
    """Return what a run did, to read."""
    lines = [f"{kind}: {count} removed" for kind, count in outcome.removed.items()]
    return "\n".join([*lines, *(f"{kind}: took too long, some are left; run it again" for kind in outcome.given_up)])
