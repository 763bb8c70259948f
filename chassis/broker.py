"""The connection to NATS and the streams on it. Streams are provisioned here and nowhere else: a client that declares them resets them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypedDict

import nats
import structlog
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from chassis.steady_pull import SteadyBroker
from contracts.subjects import Topology

CONNECT_TIMEOUT = 30.0
RECONNECT_WAIT = 1
GRACE = 15.0
PING_INTERVAL = 5
DUPLICATE_WINDOW = 120.0
DEAD_LETTER_AGE = 90 * 86_400.0


class _Options(TypedDict):
    name: str
    max_reconnect_attempts: int
    reconnect_time_wait: int
    ping_interval: int
    max_outstanding_pings: int
    closed_cb: Callable[[], Awaitable[None]]
    reconnected_cb: Callable[[], Awaitable[None]]
    error_cb: Callable[[Exception], Awaitable[None]]


_log = structlog.get_logger(__name__)


async def connect(url: str, *, name: str, on_closed: Callable[[], None]) -> Client:
    """Connect and stay connected; `on_closed` ends the process should the client close for good.

    Raises TimeoutError when no broker answers within 30 s.
    """
    async with asyncio.timeout(CONNECT_TIMEOUT):
        return await nats.connect(url, **_options(name, on_closed))


def event_broker(url: str, *, name: str, on_closed: Callable[[], None]) -> NatsBroker:
    """Return a FastStream broker for consumers, not yet connected, with the same options as `connect`.

    Dependency injection is off: each injected parameter would cost a thread hop a message.
    """
    return SteadyBroker(url, apply_types=False, logger=None, graceful_timeout=GRACE, **_options(name, on_closed))


def _options(name: str, on_closed: Callable[[], None]) -> _Options:
    async def closed() -> None:
        on_closed()

    async def reconnected() -> None:
        _log.info("broker back")

    async def failed(error: Exception) -> None:
        _log.warning("broker away", error=type(error).__name__)

    return {
        "name": name,
        # The client's own limit of 60 attempts would close it for good after two minutes without a broker, and FastStream's
        # pull loop on a closed client spins without ever yielding to the event loop.
        "max_reconnect_attempts": -1,
        "reconnect_time_wait": RECONNECT_WAIT,
        "ping_interval": PING_INTERVAL,
        "max_outstanding_pings": 2,
        "closed_cb": closed,
        "reconnected_cb": reconnected,
        "error_cb": failed,
    }


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


async def provision(js: JetStreamContext, topology: Topology) -> None:
    """Create the streams, or bring existing ones to this configuration. Any process may call it at any time.

    How many replicas a stream has is its operator's choice: a process that starts must not take a cluster's copies away.
    """
    for config in streams(topology):
        try:
            there = await js.stream_info(str(config.name))
            await js.update_stream(replace(config, num_replicas=there.config.num_replicas))
        except NotFoundError:
            await js.add_stream(config)


async def ensure_consumer(js: JetStreamContext, stream: str, config: ConsumerConfig) -> None:
    """Create a durable consumer, or bring it to this configuration; its position in the stream stays."""
    await js.add_consumer(stream, config=config)
