"""What the network needs on the broker: its streams, and the durable consumers that follow them.

They are made and put back by one process that has the right to (see `contracts.permissions`), and by nobody else: a client that
declares a stream resets it, and a service that may change one could have the questions of another sent to itself.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import structlog
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import APIError, NotFoundError, ServiceUnavailableError

from chassis.exits import DiskFull, StreamDiffers, Unreachable
from contracts.consumers import Durable
from contracts.subjects import Topology

DUPLICATE_WINDOW = 120.0
DEAD_LETTER_AGE = 90 * 86_400.0
ACK_WAIT = 15.0
LOOK_EVERY = 1.0
PATIENCE = 30.0
# Error codes of JetStream (nats-server, server/errors.json).
_NO_ROOM = frozenset(
    {10023, 10028, 10047, 10049, 10104}
)  # resources, memory, storage; no store for a stream, a consumer
_STAYS = frozenset({10012, 10052, 10058, 10065})  # cannot be updated, consumer or stream; name or subjects taken

_log = structlog.get_logger(__name__)


def streams(topology: Topology) -> list[StreamConfig]:
    """Return the streams of the network. Events are append-only: nobody can delete or purge one."""
    common = StreamConfig(storage=StorageType.FILE, discard=DiscardPolicy.OLD)
    return [
        replace(
            common,
            name=topology.events_stream,
            subjects=[topology.all_events],
            duplicate_window=DUPLICATE_WINDOW,
            discard=DiscardPolicy.NEW,
            deny_delete=True,
            deny_purge=True,
            allow_direct=True,
        ),
        replace(
            common, name=topology.dead_letters_stream, subjects=[topology.all_dead_letters], max_age=DEAD_LETTER_AGE
        ),
        replace(
            common,
            name=topology.retries_stream,
            subjects=[topology.all_retries],
            retention=RetentionPolicy.WORK_QUEUE,
            max_age=DEAD_LETTER_AGE,  # a letter sent back must not vanish before one that nobody read
        ),
    ]


def consumers(topology: Topology, durable: Durable) -> Iterator[tuple[str, ConsumerConfig]]:
    """Yield both consumers of a durable, each with its stream: of the events it follows, of its own dead letters sent back."""
    for stream, filters in (
        (topology.events_stream, topology.events_of(*durable.aggregates)),
        (topology.retries_stream, [topology.retry(durable.name)]),
    ):
        yield (
            stream,
            ConsumerConfig(
                name=durable.name,
                durable_name=durable.name,
                filter_subjects=filters,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=ACK_WAIT,
                max_deliver=-1,
                max_ack_pending=durable.in_flight,
            ),
        )


async def provision(js: JetStreamContext, topology: Topology, *durables: Durable, replicas: int | None = None) -> None:
    """Create streams and consumers, or bring existing ones to this configuration; positions in the streams stay.

    Without `replicas` a stream keeps as many as it has, a new one gets one. Raises StreamDiffers for what cannot be brought there,
    DiskFull when the broker has no room for it, Unreachable for what may pass.
    """
    for config in streams(topology):
        with _said_of(f"stream {config.name}", again=f"nats stream rm {config.name}"):
            await _provision_stream(js, config, replicas)
    for durable in durables:
        for stream, consumer in consumers(topology, durable):
            with _said_of(f"consumer {durable.name} of {stream}", again=f"nats consumer rm {stream} {durable.name}"):
                await js.add_consumer(stream, config=consumer)


async def _provision_stream(js: JetStreamContext, config: StreamConfig, replicas: int | None) -> None:
    try:
        there = await js.stream_info(str(config.name))
        await js.update_stream(replace(config, num_replicas=replicas or there.config.num_replicas))
    except NotFoundError:
        await js.add_stream(replace(config, num_replicas=replicas))


@contextmanager
def _said_of(what: str, *, again: str) -> Iterator[None]:
    """What the broker has against it, and what to do. Nothing is lost with a stream: the relay publishes all events again from the event log."""
    try:
        yield
    except APIError as error:
        said = error.description or type(error).__name__
        if error.err_code in _NO_ROOM:
            raise DiskFull(
                f"NATS cannot store {what} ({said}): make room on its disk, raise its limits, or let it write there"
            ) from error
        if error.err_code in _STAYS:
            raise StreamDiffers(
                f"{what} is configured otherwise and stays so ({said}): remove it (`{again}`) and provision again; "
                "the relay publishes the events again from the event log"
            ) from error
        if isinstance(error, ServiceUnavailableError):
            raise
        raise Unreachable(f"the broker cannot make {what} now: {said}") from error


async def keep_provisioned(
    js: JetStreamContext, topology: Topology, *durables: Durable, stop: asyncio.Event, replicas: int | None = None
) -> None:
    """Put back what the broker has lost (with its disk, say) within a second or two, until `stop`."""
    while not stop.is_set():
        try:
            if missing := [name async for name in _missing(js, topology, durables)]:
                _log.warning("the broker lost streams or consumers, making them again", missing=missing)
                await provision(js, topology, *durables, replicas=replicas)
        except (NatsError, TimeoutError) as error:
            _log.warning("cannot see the streams", error=type(error).__name__)
        except (DiskFull, Unreachable) as error:
            _log.warning("cannot make them again yet", reason=str(error))
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_EVERY)


async def provisioned(js: JetStreamContext, topology: Topology, durable: Durable) -> None:
    """Return once the broker has both consumers of a durable. Raises Unreachable when they do not come."""
    try:
        async with asyncio.timeout(PATIENCE):
            while [name async for name in _missing_consumers(js, topology, durable)]:  # noqa: ASYNC110 - a broker sets no events
                await asyncio.sleep(LOOK_EVERY / 2)
    except (TimeoutError, NatsError) as error:
        raise Unreachable(
            f"the broker shows no consumer {durable.name}: is `python -m services.registration provision` done?"
        ) from error


async def _missing(js: JetStreamContext, topology: Topology, durables: tuple[Durable, ...]) -> AsyncIterator[str]:
    for config in streams(topology):
        try:
            await js.stream_info(str(config.name))
        except NotFoundError:
            yield str(config.name)
    for durable in durables:
        async for name in _missing_consumers(js, topology, durable):
            yield name


async def _missing_consumers(js: JetStreamContext, topology: Topology, durable: Durable) -> AsyncIterator[str]:
    for stream, _ in consumers(topology, durable):
        try:
            await js.consumer_info(stream, durable.name)
        except NotFoundError:
            yield f"{stream}.{durable.name}"
