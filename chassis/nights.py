"""What has outlived its term goes every night: one run whatever the number of workers, or one by hand, and when all of it last went."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from chassis import logging, telemetry
from chassis.clock import Clock
from chassis.database import AWAY, Database
from chassis.retention import Kind, Outcome, forget
from chassis.sql import load_queries

LOOK_EVERY = 600.0
NIGHT_BEGINS = 2
"""Hour in UTC from which on tonight's run may begin: the small hours in Europe, where most people sleep."""

_TURN = 0x52455445
_queries = load_queries("chassis")
_log = logging.get(__name__)
_last_run = telemetry.Gauge(
    "rencontres.retention.last_run",
    unit="s",
    description="When all that had outlived its term was last removed, in Unix time; before that, since when it is tried.",
)


async def tonight(database: Database, kinds: Sequence[Kind], *, clock: Clock) -> Outcome | None:
    """Do tonight's run unless it is done, under way elsewhere, or the night has not begun; None when nothing was to do."""
    now = clock.now()
    night = (now - timedelta(hours=NIGHT_BEGINS)).date()
    # The lock belongs to the connection: should this process die, the next worker finds the run unfinished and goes on with it.
    async with database.connection() as turn:
        if not await _queries.try_retention_turn.fetchval(turn, _TURN):
            return None
        if await _queries.begin_retention_run.fetchrow(turn, night, now) is None:
            return None
        done = await forget(kinds, now=now)
        await _queries.finish_retention_run.execute(turn, night, max(clock.now(), now), done.removed, done.given_up)
    _log.info("retention done", night=night.isoformat(), given_up=done.given_up, **done.removed)
    return done


async def by_hand(database: Database, kinds: Sequence[Kind], *, clock: Clock) -> Outcome:
    """Do a run now, whatever the hour, and note it."""
    now = clock.now()
    done = await forget(kinds, now=now)
    async with database.connection() as connection:
        await _queries.note_retention_run.execute(connection, now, max(clock.now(), now), done.removed, done.given_up)
    return done


async def last_whole_run(database: Database) -> datetime | None:
    """Return when what had outlived its term was last all gone, or since when that is tried; None before the first attempt."""
    async with database.connection() as connection:
        moment: datetime | None = await _queries.last_whole_retention_run.fetchval(connection)
    return moment


async def every_night(
    database: Database, kinds: Sequence[Kind], *, clock: Clock, look_every: float = LOOK_EVERY
) -> None:
    """Run for ever, once a night, and keep telling when all of it last went, even where that was another worker's doing."""
    began = clock.now()
    while True:
        try:
            await tonight(database, kinds, clock=clock)
        except AWAY as error:
            _log.warning("the database does not answer", exc_info=error)
        except asyncpg.PostgresError as error:
            _log.error("retention failed", exc_info=error)
        try:
            _last_run.set((await last_whole_run(database) or began).timestamp())
        except (*AWAY, asyncpg.PostgresError) as error:
            _log.warning("when the last run was could not be read", exc_info=error)
        await asyncio.sleep(look_every)
