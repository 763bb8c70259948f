"""What a process looks at before it starts: that its database has the schema it knows, and that both have the same time.

A process that went on would fail request by request, or let seats expire that nobody let go.
"""

from datetime import UTC, datetime, timedelta

from chassis.clock import Clock, SystemClock
from chassis.database import Connection, Database
from chassis.database_entry import require_version
from chassis.exits import ClockSkewed
from chassis.schema_version import schema_version
from chassis.sql import load_queries

MOST_SKEW = timedelta(seconds=60)
"""Deadlines are counted in hours, reminders and links in minutes; NTP keeps machines within milliseconds."""

_queries = load_queries("chassis")


async def look_before_starting(database: Database, *, package: str) -> None:
    """Return when the process may start.

    Raises:
        BadConfiguration: the server is too old.
        SchemaMismatch, ClockSkewed: as they say.
        OSError, asyncpg.PostgresError: the database is away.
    """
    async with database.connection() as connection:
        require_version(connection)
        (await schema_version(connection, package=package)).require(package)
        skew = await clock_skew(connection, SystemClock())
    if abs(skew) > MOST_SKEW:
        raise ClockSkewed(
            f"this machine's clock is {_distance(skew)} that of the database: set both by NTP (timedatectl set-ntp true)"
        )


async def clock_skew(connection: Connection, clock: Clock) -> timedelta:
    """How far this machine's clock is ahead of the database's; 0 when the time the question took explains the difference."""
    asked = clock.now()
    theirs: datetime = await _queries.server_clock.fetchval(connection)
    return skew_of(theirs.astimezone(UTC), asked=asked, answered=clock.now())


def skew_of(theirs: datetime, *, asked: datetime, answered: datetime) -> timedelta:
    """How far we are ahead, given when we asked and were answered."""
    if theirs < asked:
        return asked - theirs
    return answered - theirs if theirs > answered else timedelta()


def _distance(skew: timedelta) -> str:
    seconds = round(abs(skew.total_seconds()))
    return f"{seconds} s {'ahead of' if skew > timedelta() else 'behind'}"
