"""PostgreSQL through asyncpg: one pool a process, transactions at the edge of each use case."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from chassis.database_entry import entering, place_of

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"

# What a lost connection raises. The last is asyncpg's word for "this is a bug of mine": seen when the server ends a connection between
# two statements, it says nothing but that the connection is gone.
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

# What says nothing against the statement: it will do once the database is back, or whoever held the lock is done.
AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
)

CONNECT_TIMEOUT = 5.0
COMMAND_TIMEOUT = 30.0
PATIENCE = 600.0
"""Seconds for a statement at night that goes through all there is."""

# A transaction that stands still holds the locks of a meetup: better that it fails than that a whole evening waits.
# The relay's republishing counts on the bound, too: an event that drew its position earlier than this is committed or never will be.
TRANSACTION_TIMEOUT_MS = 30_000


# A node may vanish without a word. Left to themselves both ends would believe in the connection for two hours, and what it holds, the
# relay's lock above all, would be held as long: half a minute is enough to tell.
_GONE = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "4",
    "tcp_user_timeout": "30000",
}


class DatabaseAway(ConnectionError):
    """Raised when a pool cannot be opened because no server answers; the message says where."""


class Database:
    """A pool of connections to one service's database."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", dsn: str, application: str) -> None:
        self._pool = pool
        self._application = application
        self.dsn = dsn

    @classmethod
    async def connect(cls, dsn: str, *, application: str, min_size: int = 1, max_size: int = 10) -> Self:
        """Open the pool.

        Raises:
            DatabaseAway: the server cannot be reached.
            BadConfiguration: it never will be by this URL.
            asyncpg.PostgresError: it refuses.
        """
        try:
            with entering(dsn):
                pool = await asyncpg.create_pool(
                    dsn,
                    min_size=min_size,
                    max_size=max_size,
                    timeout=CONNECT_TIMEOUT,
                    command_timeout=COMMAND_TIMEOUT,
                    init=set_codecs,
                    server_settings=_settings(application, transaction_timeout_ms=TRANSACTION_TIMEOUT_MS),
                )
        except OSError as error:
            raise DatabaseAway(
                f"PostgreSQL does not answer at {place_of(dsn)}: start it, or set RENCONTRES_DATABASE_URL to where it is"
            ) from error
        return cls(pool, dsn, application)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection; each statement is its own transaction."""
        async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Lend a connection inside one READ COMMITTED transaction: committed at the end, rolled back by any exception."""
        async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def patient(self) -> AsyncIterator[Connection]:
        """Lend a connection of its own to what may take minutes. Nothing is told on it: the relay counts on short transactions."""
        connection = await connect_alone(self.dsn, application=self._application, command_timeout=PATIENCE)
        try:
            yield connection
        finally:
            await connection.close(timeout=CONNECT_TIMEOUT)

    async def ping(self) -> None:
        """Return when the server answers; raise what stands in the way."""
        async with self.connection() as connection:
            await connection.execute("SELECT 1", timeout=2.0)

    async def close(self) -> None:
        """Close every connection, waiting for those in use."""
        await self._pool.close()


async def connect_alone(
    dsn: str, *, application: str, command_timeout: float | None = COMMAND_TIMEOUT, **settings: str
) -> "asyncpg.Connection[asyncpg.Record]":
    """Open a connection of its own, for what holds a lock, listens or takes long; transactions may last `PATIENCE`.

    Further settings are of PostgreSQL. Raises one of `LOST`.
    """
    ours = _settings(application, transaction_timeout_ms=int(PATIENCE * 1000))
    connection = await asyncpg.connect(
        dsn, timeout=CONNECT_TIMEOUT, command_timeout=command_timeout, server_settings={**ours, **settings}
    )
    await set_codecs(connection)
    return connection


def _settings(application: str, *, transaction_timeout_ms: int) -> dict[str, str]:
    return {
        **_GONE,
        "application_name": application,
        "lock_timeout": "10s",
        "transaction_timeout": str(transaction_timeout_ms),
        "timezone": "UTC",
    }


async def set_codecs(connection: Connection) -> None:
    """Let jsonb columns come and go as Python objects."""
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog", format="text")
