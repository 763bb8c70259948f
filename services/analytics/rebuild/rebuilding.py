"""The rebuild itself: fill `rebuilt` while `live` serves, hold the projector for a moment, catch up, compare, swap by renaming."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from nats.aio.msg import Msg
from nats.js import JetStreamContext

from chassis.database import Connection, Database, connect_alone
from contracts.consumers import ANALYTICS
from contracts.envelope import Event, PoisonEvent, decode
from contracts.subjects import Topology
from services.analytics.domain.batch import reduce
from services.analytics.lag import Lag
from services.analytics.rebuild.comparison import Comparison, compare
from services.analytics.rebuild.replay import Replay
from services.analytics.store import LIVE, QUERIES, REBUILT, project

_NEAR: Final = 2000
"""Events that may be left when the projector is asked to wait: a fraction of a second's work."""
_NO_LIMITS: Final = {"transaction_timeout": "0", "lock_timeout": "60s"}


class RebuildRunning(Exception):
    """Raised when another rebuild holds the claim. Wait for it."""


class WouldLose(Exception):
    """Raised when the live set knows what the stream does not: nothing was swapped. Republish the event log, or force it."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__("; ".join(map(str, comparison.lost)))
        self.comparison = comparison


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a rebuild ended: what was read, what could not be (dead letters of old), what differed, and where the old set is kept."""

    events: int
    unreadable: int
    comparison: Comparison
    kept_as: str | None


Progress = Callable[[int, int], None]
"""Called with the events read so far and those still to come."""


@dataclass(slots=True)
class Rebuild:
    """One rebuild. `check` compares and swaps nothing; `force` swaps although something would be lost."""

    database: Database
    js: JetStreamContext
    topology: Topology
    progress: Progress = lambda _read, _left: None
    check: bool = False
    force: bool = False
    _unreadable: int = 0

    async def run(self) -> Outcome:
        """Do it. Raises RebuildRunning, WouldLose, and what Replay raises; the live set is then as it was."""
        async with claimed(self.database.dsn) as connection:
            await QUERIES.start_rebuilt_set.execute(connection)
            replay = await Replay.open(self.js, self.topology, aggregates=ANALYTICS.aggregates)
            try:
                await self._fill_until_near(replay)
                return await self._finish(connection, replay)
            finally:
                await replay.close()
                await QUERIES.drop_rebuilt_set.execute(connection)

    async def _fill_until_near(self, replay: Replay) -> None:
        while True:
            await self._fill(replay)
            if await replay.remaining() <= _NEAR:
                return

    async def _finish(self, connection: Connection, replay: Replay) -> Outcome:
        async with connection.transaction():
            await QUERIES.enter_set.execute(connection, LIVE)  # from here on the projector waits
            await self._fill(replay)
            behind = await Lag(self.js, self.topology).behind()
            comparison = await compare(connection, behind=behind)
            kept_as = None if self.check else await self._swap(connection, comparison)
        return Outcome(replay.seen, self._unreadable, comparison, kept_as)

    async def _swap(self, connection: Connection, comparison: Comparison) -> str:
        if comparison.lost and not self.force:
            raise WouldLose(comparison)
        kept_as = f"old_{time.strftime('%Y%m%d%H%M%S', time.gmtime())}{time.time_ns() // 1_000_000 % 1000:03}"
        await QUERIES.put_rebuilt_set_in_place.execute(connection, kept_as)
        return kept_as

    async def _fill(self, replay: Replay) -> None:
        async for messages in replay.batches():
            await project(self.database, reduce(self._readable(messages)), into=REBUILT)
            self.progress(replay.seen, messages[-1].metadata.num_pending)

    def _readable(self, messages: list[Msg]) -> list[Event]:
        events = []
        for message in messages:
            try:
                events.append(decode(message.headers, message.data))
            except PoisonEvent:  # the projector put it among the dead letters when it came
                self._unreadable += 1
        return events


@asynccontextmanager
async def claimed(dsn: str) -> AsyncIterator[Connection]:
    """The claim of the one rebuild there may be, on a connection of its own: it holds locks for longer than any request may.

    Raises RebuildRunning.
    """
    connection = await connect_alone(dsn, application="analytics-rebuild", command_timeout=None, **_NO_LIMITS)
    try:
        if not await QUERIES.claim_rebuild.fetchval(connection):
            raise RebuildRunning("another rebuild is running")
        yield connection
    finally:
        await connection.close()
