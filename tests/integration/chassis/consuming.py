"""A consumer to run in a test, with pauses one can wait for, and a handler that keeps what it is given."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import UUID

import pytest
from nats.js import JetStreamContext

from chassis import consumer as module
from chassis import dead_letters
from chassis.broker import event_broker
from chassis.consumer import Consumer, EventConsumer, Handler
from chassis.dead_letters import DeadLetter
from chassis.provisioning import provision
from contracts.consumers import Durable
from contracts.envelope import Event, encode
from contracts.subjects import Topology
from tests.fixtures.servers import NatsServer
from tests.integration.chassis.conftest import PATIENCE, eventually

Consuming = Callable[..., AbstractAsyncContextManager[EventConsumer]]


class Received:
    """A handler that keeps what it is given, and fails on demand."""

    def __init__(self, fails: Callable[[Sequence[Event]], Exception | None] = lambda _: None) -> None:
        self.calls: list[list[UUID]] = []
        self.handled: list[UUID] = []
        self._fails = fails
        self._changed = asyncio.Event()

    async def __call__(self, events: Sequence[Event]) -> None:
        self.calls.append([event.id for event in events])
        self._changed.set()
        if (error := self._fails(events)) is not None:
            raise error
        self.handled += [event.id for event in events]

    async def until(self, holds: Callable[["Received"], bool]) -> None:
        """Wait for a call after which this holds."""
        async with asyncio.timeout(PATIENCE):
            while not holds(self):
                self._changed.clear()
                await self._changed.wait()
                await asyncio.sleep(0)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses a test can wait for."""
    for name, value in {
        "FIRST_PAUSE": 0.1,
        "LONGEST_PAUSE": 0.2,
        "RETRY_LINGER": 0.05,
        "MAX_TRIES": 3,
        "WATCH_EVERY": 0.1,
    }.items():
        monkeypatch.setattr(module, name, value)


@pytest.fixture
def consuming(impatient: None, nats_server: NatsServer, topology: Topology) -> Consuming:
    @asynccontextmanager
    async def _consuming(
        handle: Handler, *, name: str = "subject", batch: int = 50, linger: float = 0.05
    ) -> AsyncIterator[EventConsumer]:
        broker = event_broker(nats_server.url, name=name, on_closed=lambda: None)
        durable = Durable(name, ("registration",), in_flight=batch)
        consumer = EventConsumer(Consumer(durable, handle, linger=linger), broker=broker, topology=topology)
        await broker.connect()
        await provision(broker.connection.jetstream(), topology, durable)
        await broker.start()
        try:
            yield consumer
        finally:
            await broker.stop()

    return _consuming


async def publish(js: JetStreamContext, topology: Topology, *events: Event) -> None:
    for event in events:
        message = encode(event, topology)
        await js.publish(message.subject, message.body, headers=message.headers)


async def one_dead_letter(js: JetStreamContext, topology: Topology) -> DeadLetter:
    async def there() -> bool:
        return len(await dead_letters.list_all(js, topology)) == 1

    await eventually(there, "one dead letter is there")
    return (await dead_letters.list_all(js, topology))[0]


async def acknowledged(js: JetStreamContext, topology: Topology, name: str) -> bool:
    info = await js.consumer_info(topology.events_stream, name)
    return (info.num_pending, info.num_ack_pending) == (0, 0)
