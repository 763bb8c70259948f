"""The read side of the outbox: one active relay a database publishes what was committed, in order, until the broker has acknowledged it.

The event log is the truth and the broker is not. By default JetStream acknowledges before it writes to disk, and a disk can be lost
altogether: when the stream is found behind what it had acknowledged, the missing range is published again from the log.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import asyncpg
import structlog
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import PubAck, StreamInfo
from nats.js.errors import NotFoundError
from opentelemetry.trace import SpanKind

from chassis import telemetry
from chassis.database import COMMAND_TIMEOUT, LOST, PATIENCE, TRANSACTION_TIMEOUT_MS, Connection, connect_alone
from chassis.outbox import CHANNEL
from chassis.spans import Served, batch_span
from chassis.sql import load_queries
from chassis.wakeup import Listener
from contracts.envelope import REFERENCE_HEADER, TRACE_HEADERS
from contracts.subjects import Topology

BATCH = 500
WINDOW_TIMEOUT = 5.0
LINK_EVERY = 0.25
TROUBLE_PAUSE = 0.5
STANDBY_POLL = 1.0
CHECK_EVERY = 2.0
LOOK_TIMEOUT = 2.0
THIN_EVERY = 60.0
LEADER_LOCK = 0x52454C41

# A transaction that drew an early position may commit late, but never later than this: see `database.TRANSACTION_TIMEOUT_MS`.
LATE_COMMIT_MARGIN = timedelta(milliseconds=2 * TRANSACTION_TIMEOUT_MS)

_log = structlog.get_logger(__name__)
_queries = load_queries("chassis")
_tracer = telemetry.tracer("relay")


class Relay:
    """Publishes the outbox of one database. Several may run; one holds the lock and works, the others stand by.

    `link` names the connection to the broker: with another name, what was sent over the former one is not waited for any more.
    """

    def __init__(
        self,
        *,
        dsn: str,
        js: JetStreamContext,
        topology: Topology,
        batch: int = BATCH,
        link: Callable[[], int | None] = lambda: None,
        command_timeout: float = COMMAND_TIMEOUT,
    ) -> None:
        self._dsn, self._js, self._topology, self._batch, self._link = dsn, js, topology, batch, link
        self._command_timeout = command_timeout
        self._stream: StreamInfo | None = None
        self._furthest = 0
        self._intact: int | None = None
        self.leading = asyncio.Event()
        """Set while this relay is the active one."""
        self.idle = asyncio.Event()
        """Set when the outbox was last seen empty."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`, whatever happens to database and broker meanwhile."""
        while not stop.is_set():
            try:
                connection = await connect_alone(self._dsn, application="relay", command_timeout=self._command_timeout)
            except LOST as error:
                _log.warning("database away", error=type(error).__name__)
                await _pause(stop, STANDBY_POLL)
                continue
            try:
                await self._lead_or_stand_by(connection, stop)
            except LOST as error:
                _log.warning("database lost", error=type(error).__name__)
                await _pause(stop, STANDBY_POLL)
            finally:
                self.leading.clear()
                connection.terminate()

    async def _lead_or_stand_by(self, connection: Connection, stop: asyncio.Event) -> None:
        # The lock lives and dies with the connection that also reads and settles the outbox: a relay that lost it cannot settle anything.
        while not stop.is_set():
            if await connection.fetchval("SELECT pg_try_advisory_lock($1)", LEADER_LOCK):
                self.leading.set()
                await self._lead(connection, stop)
                return
            await _pause(stop, STANDBY_POLL)

    async def _lead(self, connection: Connection, stop: asyncio.Event) -> None:
        clock = asyncio.get_running_loop().time
        await connection.execute("SELECT ensure_event_log_months(3)")
        next_check = next_thinning = 0.0
        async with Listener(self._dsn, CHANNEL) as listener:
            waiting = asyncio.create_task(_poke_when(stop, listener))
            try:
                while not stop.is_set():
                    if clock() >= next_check:
                        if not await self._catch_up_lost_stream(connection):
                            await _pause(stop, TROUBLE_PAUSE)
                            continue
                        next_check = clock() + CHECK_EVERY
                    if clock() >= next_thinning:
                        await _queries.thin_checkpoints.execute(connection)
                        await _queries.ensure_event_log_months.fetch(connection, 3)
                        next_thinning = clock() + THIN_EVERY
                    rows = await _queries.next_events.fetch(connection, self._batch)
                    if not rows:
                        self.idle.set()
                        await listener.wait()
                        self.idle.clear()
                    elif not await self._publish(connection, rows):
                        next_check = 0.0
                        await _pause(stop, TROUBLE_PAUSE)
            finally:
                waiting.cancel()

    async def _publish(self, connection: Connection, rows: Sequence[asyncpg.Record]) -> bool:
        """Publish one window and settle what was acknowledged up to the first failure; the tail after it is published again."""
        served = [_served(row["headers"]) for row in rows]
        destination = f"{self._topology.prefix}.events"
        attributes = {
            telemetry.MESSAGING_SYSTEM: "nats",
            telemetry.MESSAGING_OPERATION_NAME: "publish",
            telemetry.MESSAGING_OPERATION_TYPE: "send",
            telemetry.MESSAGING_DESTINATION_NAME: destination,
        }
        with batch_span(_tracer, f"send {destination}", kind=SpanKind.CLIENT, served=served, attributes=attributes):
            acknowledged = await self._publish_window(rows)
            if rewound := [ack.seq for ack in acknowledged if not ack.duplicate and ack.seq <= self._furthest]:
                self._intact = min(rewound) - 1
                return False  # the stream lost its tail since: settle nothing before that is mended
            if acknowledged and self._stream is not None:
                # What was published again (by an operator, say) is acknowledged with the place it had: the stream stands further.
                self._furthest = max(self._furthest, *(ack.seq for ack in acknowledged))
                last = rows[len(acknowledged) - 1]
                await _queries.settle_published.execute(
                    connection,
                    [row["position"] for row in rows[: len(acknowledged)]],
                    last["position"],
                    last["id"],
                    self._furthest,
                    self._stream.created,
                )
        # Of a stream not seen yet nothing is settled: look at it first, or the same window would be published over and over.
        return self._stream is not None and len(acknowledged) == len(rows)

    async def _publish_window(self, rows: Sequence[asyncpg.Record]) -> list[PubAck]:
        futures: list[asyncio.Future[PubAck]] = []
        link = self._link()
        try:
            async with asyncio.timeout(WINDOW_TIMEOUT):
                for row in rows:
                    futures.append(await self._publish_one(row))  # noqa: PERF401 - what was sent must be known when one fails
        except (NatsError, TimeoutError) as error:
            _log.warning("publishing stopped", error=type(error).__name__)
        if not futures:
            return []
        # The client never fails these futures when the server dies: bound the window and give the slots back.
        deadline, pending = asyncio.get_running_loop().time() + WINDOW_TIMEOUT, set(futures)
        while pending and self._link() == link and asyncio.get_running_loop().time() < deadline:
            _, pending = await asyncio.wait(pending, timeout=LINK_EVERY)
        for future in pending:
            future.cancel()
        acknowledged: list[PubAck] = []
        for future in futures:
            if future.cancelled() or future in pending or future.exception() is not None:
                break
            acknowledged.append(future.result())
        for future in futures:  # an exception nobody looked at would be reported when the future is collected
            if future.done() and not future.cancelled():
                future.exception()
        return acknowledged

    async def _publish_one(self, row: asyncpg.Record) -> asyncio.Future[PubAck]:
        return await self._js.publish_async(row["subject"], row["body"].encode(), headers=row["headers"])

    async def _catch_up_lost_stream(self, connection: Connection) -> bool:
        """Compare the stream with what it acknowledged; stage again what it no longer has. Whether there is a stream to publish to.

        While the servers of a cluster agree on who leads, nobody answers, and a window would be waited for in vain.
        """
        try:
            async with asyncio.timeout(LOOK_TIMEOUT):
                self._stream = await self._js.stream_info(self._topology.events_stream)
        except NotFoundError:
            self._stream = None  # whoever may make one does (`chassis.provisioning`); nothing is settled before that one was looked at
            _log.warning("the broker has no stream of events")
            return False
        except (NatsError, TimeoutError) as error:
            _log.warning("stream not reachable", error=type(error).__name__)
            return False
        newest = await _queries.newest_checkpoint.fetchrow(connection)
        created, sequence = self._stream.created, self._stream.state.last_seq
        if self._intact is not None:
            sequence = min(sequence, self._intact)
        if newest is None or (newest["stream_created"] == created and newest["stream_sequence"] <= sequence):
            self._furthest = newest["stream_sequence"] if newest else 0
            return True
        resume = await _queries.checkpoint_to_resume_from.fetchrow(connection, created, sequence, LATE_COMMIT_MARGIN)
        position = 0 if resume is None else resume["position"]
        async with connection.transaction():
            staged = await _queries.stage_again.execute(connection, position, within=PATIENCE)
            await _queries.forget_checkpoints_of_other_streams.execute(connection, created, sequence)
        self._furthest, self._intact = 0, None
        _log.warning(
            "stream lost events, publishing them again",
            stream_sequence=sequence,
            acknowledged_sequence=newest["stream_sequence"],
            events=int(staged.split()[-1]),
        )
        return True


def _served(headers: dict[str, str]) -> Served:
    trace = {name: headers[name] for name in TRACE_HEADERS if name in headers}
    about = {telemetry.MESSAGING_MESSAGE_ID: headers["ce-id"], "cloudevents.event_type": headers["ce-type"]}
    return Served(trace, headers.get(REFERENCE_HEADER), about)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def _poke_when(stop: asyncio.Event, listener: Listener) -> None:
    await stop.wait()
    listener.poke()
