"""Events in, through FastStream: whole batches, acknowledged only once the handler's transaction stands.

What happens to an event: read and handled -> acknowledged; unreadable -> dead letter; the world is away (database, broker) -> delivered
again after a growing pause, for ever; the handler itself fails on it -> tried alone, then again, and after `MAX_TRIES` a dead letter.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field

import structlog
from faststream import AckPolicy
from faststream.message import StreamMessage
from faststream.nats import JStream, NatsBroker, PullSub
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig
from nats.js.errors import NotFoundError
from opentelemetry.trace import Span, SpanKind

from chassis import telemetry
from chassis.database import AWAY
from chassis.dead_letters import bury, report_counts
from chassis.provisioning import consumers, provisioned
from chassis.spans import SMALL_BATCH, Served, batch_span
from contracts.consumers import Durable
from contracts.envelope import Event, PoisonEvent, decode
from contracts.subjects import Topology

Handler = Callable[[Sequence[Event]], Awaitable[None]]

RETRY_LINGER = 1.0
MAX_TRIES = 8
WATCH_EVERY = 2.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0

# What says nothing against the event: the same batch will do once the world is back.
WORLD_AWAY = (*AWAY, TimeoutError, NatsError)

_log = structlog.get_logger(__name__)
_tracer = telemetry.tracer("consumer")


class WorldAway(Exception):
    """A handler raises this when something it depends on is away, of a kind that the chassis cannot know."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """Whose events are taken, and how.

    `linger` is how long a batch waits for company (seconds): the price in latency of a lone event. With several `lanes` that many
    batches are under way at once, so that one is fetched while another is written: only for a handler to which order means nothing.
    """

    durable: Durable
    handle: Handler = field(repr=False)
    linger: float = 0.05
    lanes: int = 1

    @property
    def name(self) -> str:
        """Of the durable consumer."""
        return self.durable.name

    @property
    def batch(self) -> int:
        """Events at once.

        No more are under way than the fetches take: with more of them waiting in its queue nats-py 2.16 asks the server for a negative
        number, fails, and drops what it holds until the broker sends it again (seen as pauses of 15 s under load).
        """
        return self.durable.in_flight // self.lanes


class EventConsumer:
    """Runs one `Consumer` on a FastStream broker, on the stream of events and on its own retry subject."""

    def __init__(self, consumer: Consumer, *, broker: NatsBroker, topology: Topology) -> None:
        self._consumer, self._broker, self._topology = consumer, broker, topology
        self._failures: dict[tuple[str, int], int] = {}
        self.lag: int | None = None
        """Events of the stream not acknowledged yet, as last seen; None while that is not known."""
        for stream, config in consumers(topology, consumer.durable):
            is_retries = stream == topology.retries_stream
            for _ in range(1 if is_retries else consumer.lanes):
                self._subscribe(stream, config, linger=RETRY_LINGER if is_retries else consumer.linger)

    async def provisioned(self) -> None:
        """Return once the broker has the durable consumers. Raises Unreachable."""
        await provisioned(self._js, self._topology, self._consumer.durable)

    async def watch(self, stop: asyncio.Event) -> None:
        """Measure the lag every two seconds; a consumer that the broker has lost with its disk is put back by the provisioner."""
        while not stop.is_set():
            try:
                await self._look()
            except (NatsError, TimeoutError) as error:
                self.lag = None
                _log.warning("cannot see the consumer", consumer=self._consumer.name, error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), WATCH_EVERY)

    def _subscribe(self, stream: str, config: ConsumerConfig, *, linger: float) -> None:
        self._broker.subscriber(
            stream=JStream(stream, declare=False),
            durable=self._consumer.name,
            config=config,
            pull_sub=PullSub(self._consumer.batch, timeout=linger, batch=True),
            ack_policy=AckPolicy.MANUAL,
            decoder=_leave_to_us,
            title=f"{self._consumer.name}:{stream}",
        )(self._on_batch)

    async def _look(self) -> None:
        try:
            info = await self._js.consumer_info(self._topology.events_stream, self._consumer.name)
            await self._js.consumer_info(self._topology.retries_stream, self._consumer.name)
        except NotFoundError:
            self.lag = None
            _log.warning("the broker lost the consumer", consumer=self._consumer.name)
            return
        self.lag = (info.num_pending or 0) + (info.num_ack_pending or 0)
        telemetry.CONSUMER_LAG.set(self.lag, consumer=self._consumer.name)
        await report_counts(self._js, self._topology, self._consumer.name)

    @property
    def _js(self) -> JetStreamContext:
        return self._broker.connection.jetstream()

    async def _on_batch(self, messages: list[Msg]) -> None:
        readable: list[tuple[Msg, Event]] = []
        for message in messages:
            try:
                readable.append((message, decode(message.headers, message.data)))
            except PoisonEvent as error:
                await self._bury(message, reason=error.reason, detail=str(error))
        if readable:
            await self._handle(readable)

    async def _handle(self, pairs: Sequence[tuple[Msg, Event]]) -> None:
        try:
            with self._process_span([event for _, event in pairs]):
                await self._consumer.handle([event for _, event in pairs])
        except (*WORLD_AWAY, WorldAway) as error:
            _log.warning("not now", consumer=self._consumer.name, events=len(pairs), error=type(error).__name__)
            await _each(self._later(message) for message, _ in pairs)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises, the consumer goes on
            _log.exception("handler failed", consumer=self._consumer.name, events=len(pairs))
            if len(pairs) == 1:
                await self._try_again_or_bury(pairs[0][0], error)
            else:  # find the one that fails; the others must not wait for it
                for pair in pairs:
                    await self._handle([pair])
        else:
            if self._failures:
                for message, _ in pairs:
                    self._failures.pop(_place_of(message), None)
            await _each(message.ack() for message, _ in pairs)

    def _process_span(self, events: Sequence[Event]) -> AbstractContextManager[Span]:
        source = f"{self._topology.prefix}.events"
        attributes = {
            telemetry.MESSAGING_SYSTEM: "nats",
            telemetry.MESSAGING_OPERATION_NAME: "process",
            telemetry.MESSAGING_OPERATION_TYPE: "process",
            telemetry.MESSAGING_DESTINATION_NAME: source,
            telemetry.MESSAGING_CONSUMER: self._consumer.name,
        }
        served = [(_served if len(events) <= SMALL_BATCH else _counted)(event) for event in events]
        return batch_span(_tracer, f"process {source}", kind=SpanKind.CONSUMER, served=served, attributes=attributes)

    async def _try_again_or_bury(self, message: Msg, error: Exception) -> None:
        # Not the broker's count of deliveries: an hour without a database would have used it up before the handler's first failure.
        place = _place_of(message)
        self._failures[place] = self._failures.get(place, 0) + 1
        if self._failures[place] < MAX_TRIES:
            await self._later(message)
        else:
            del self._failures[place]
            await self._bury(message, reason="handler-failed", detail=type(error).__name__)

    async def _later(self, message: Msg) -> None:
        # NAK without a delay would come back at once, for ever.
        ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(message.metadata.num_delivered, 10))
        await message.nak(delay=random.uniform(FIRST_PAUSE / 2, ceiling))  # noqa: S311 - jitter, not a secret

    async def _bury(self, message: Msg, *, reason: str, detail: str) -> None:
        try:
            await bury(self._js, self._topology, message, consumer=self._consumer.name, reason=reason, detail=detail)
        except (NatsError, TimeoutError):
            _log.exception("dead letter not stored, the event will come again", consumer=self._consumer.name)
            return
        _log.error("dead letter", consumer=self._consumer.name, reason=reason, detail=detail, subject=message.subject)
        await message.ack()


def _place_of(message: Msg) -> tuple[str, int]:
    return message.metadata.stream, message.metadata.sequence.stream


def _counted(event: Event) -> Served:
    return Served(event.trace, getattr(event.data, "reference", None))


def _served(event: Event) -> Served:
    about = {telemetry.MESSAGING_MESSAGE_ID: str(event.id), "cloudevents.event_type": event.type.name}
    return Served(event.trace, getattr(event.data, "reference", None), about)


async def _leave_to_us(message: StreamMessage[list[Msg]]) -> list[Msg]:
    # FastStream's own batch decoder reads every body as JSON a second time; ours needs headers and bytes as they came.
    return message.raw_message


async def _each(calls: Iterable[Awaitable[None]]) -> None:
    for call in calls:
        try:
            await call
        except NatsError as error:  # not acknowledged: it comes again, and the inbox knows it
            _log.warning("acknowledgement lost", error=type(error).__name__)
