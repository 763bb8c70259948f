"""NOTIFY as an alarm clock between processes: it only shortens the wait, a slow poll stays the safety net.

NOTIFY takes a lock of the whole server at commit, so it never goes with the business transaction; a process sends at most one every
20 ms, on a connection of the pool, after its commits.
"""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

import asyncpg
import structlog

from chassis.database import LOST, Database, connect_alone

DEBOUNCE = 0.02

_log = structlog.get_logger(__name__)


class Waker:
    """Wakes the listeners of a channel, soon and not too often."""

    def __init__(self, database: Database, channel: str, *, debounce: float = DEBOUNCE) -> None:
        self._database, self._channel, self._debounce = database, channel, debounce
        self._task: asyncio.Task[None] | None = None
        self._again = False

    def wake(self) -> None:
        """Ask for a notification; returns at once. Calls made meanwhile become one."""
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._notify(), name=f"wake {self._channel}")

    async def flush(self) -> None:
        """Return once what was asked for so far is passed on. Call it before the pool is closed."""
        if self._task is not None:
            await self._task

    async def _notify(self) -> None:
        while self._again:
            self._again = False
            try:
                async with self._database.connection() as connection:
                    await connection.execute(f"NOTIFY {self._channel}")
            except LOST as error:
                _log.warning("could not wake, the poll will do", channel=self._channel, error=type(error).__name__)
            await asyncio.sleep(self._debounce)


class Listener:
    """Waits for a notification, or for the poll interval if none comes. Survives the loss of its connection."""

    def __init__(self, dsn: str, channel: str, *, poll: float = 1.0) -> None:
        self._dsn, self._channel, self._poll = dsn, channel, poll
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._woken = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self._listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._connection is not None and not self._connection.is_closed():
            with suppress(*LOST):  # a server that has fallen silent is not heard to agree
                await self._connection.close(timeout=1.0)

    def poke(self) -> None:
        """Wake from inside the process: a stop was asked for, or more work is known."""
        self._woken.set()

    async def wait(self) -> None:
        """Return when woken or after the poll interval."""
        if self._connection is None or self._connection.is_closed():
            await self._listen()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), self._poll)
        self._woken.clear()

    async def _listen(self) -> None:
        try:
            connection = await connect_alone(self._dsn, application=f"listener {self._channel}")
            await connection.add_listener(self._channel, lambda *_: self._woken.set())
            self._connection = connection
        except LOST as error:
            _log.warning("cannot listen, polling instead", channel=self._channel, error=type(error).__name__)
