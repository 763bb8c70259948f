"""A consumer on a real broker: what becomes of good events, poison, bugs, and a world that is away."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from nats.js import JetStreamContext

from chassis import consumer as module
from chassis import dead_letters, telemetry
from chassis.broker import event_broker, provision
from chassis.consumer import Consumer, EventConsumer, Handler, WorldAway
from chassis.database import Database
from chassis.dead_letters import DeadLetter
from chassis.inbox import first_seen
from contracts.envelope import Event, encode
from contracts.subjects import Topology
from tests.fixtures.events import registration_event
from tests.fixtures.servers import NatsServer
from tests.fixtures.telemetry import Spans
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


@pytest.fixture(autouse=True)
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
def consuming(nats_server: NatsServer, topology: Topology) -> Consuming:
    @asynccontextmanager
    async def _consuming(handle: Handler, *, name: str = "subject", batch: int = 50) -> AsyncIterator[EventConsumer]:
        broker = event_broker(nats_server.url, name=name, on_closed=lambda: None)
        consumer = EventConsumer(
            Consumer(name, ("registration",), handle, batch=batch), broker=broker, topology=topology
        )
        await broker.connect()
        await consumer.provision()
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


async def test_events_are_handled_in_order_and_in_batches_and_acknowledged(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    events = [registration_event(version=number) for number in range(1, 31)]
    await publish(js, topology, *events)
    handler = Received()
    async with consuming(handler) as consumer:
        await handler.until(lambda h: len(h.handled) == 30)
        await eventually(lambda: _acknowledged(js, topology, "subject"), "all is acknowledged")
        await consumer._look()

        assert consumer.lag == 0
    assert handler.handled == [event.id for event in events]
    assert len(handler.calls) < 30


async def test_events_of_other_aggregates_are_not_for_it(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    mine = registration_event()
    message = encode(mine, topology)
    await js.publish(message.subject.replace(".registration.", ".meetup."), b"not mine")
    await publish(js, topology, mine)
    handler = Received()
    async with consuming(handler):
        await handler.until(lambda h: bool(h.handled))

    assert handler.calls == [[mine.id]]
    assert await dead_letters.list_all(js, topology) == []


@pytest.mark.parametrize(
    ("change", "body", "reason"),
    [
        ({"ce-type": "fr.rencontres.registration.teleported.v1"}, None, "unknown-type"),
        ({"ce-type": "fr.rencontres.registration.held.v99"}, None, "unknown-major"),
        ({"ce-id": "not a uuid"}, None, "bad-envelope"),
        ({"ce-specversion": ""}, None, "bad-envelope"),
        ({}, b'{"version": "many"}', "bad-schema"),
        ({}, b"\xff\x00 Camille", "bad-schema"),
        ({}, b"", "bad-schema"),
    ],
)
async def test_poison_becomes_a_dead_letter_with_reason_origin_and_trace_and_the_consumer_goes_on(
    consuming: Consuming,
    js: JetStreamContext,
    topology: Topology,
    change: dict[str, str],
    body: bytes | None,
    reason: str,
) -> None:
    before, after = registration_event(), registration_event()
    poison = encode(
        registration_event(trace={"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}), topology
    )
    await publish(js, topology, before)
    await js.publish(poison.subject, poison.body if body is None else body, headers=poison.headers | change)
    await publish(js, topology, after)
    handler = Received()
    async with consuming(handler):
        await handler.until(lambda h: len(h.handled) == 2)
        letter = await one_dead_letter(js, topology)
        await eventually(lambda: _acknowledged(js, topology, "subject"), "the poison is off the stream, too")

    assert handler.handled == [before.id, after.id]
    assert (letter.reason, letter.consumer) == (reason, "subject")
    assert (letter.origin_stream, letter.origin_subject, letter.origin_sequence) == (
        topology.events_stream,
        poison.subject,
        2,
    )
    assert letter.traceparent == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert letter.body == (poison.body if body is None else body)
    assert "Camille" not in letter.detail


async def test_while_the_world_is_away_events_come_again_with_a_pause_and_are_never_given_up(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    attempts, loop, times = 6, asyncio.get_running_loop(), list[float]()

    def away(_: Sequence[Event]) -> Exception | None:
        times.append(loop.time())
        return ConnectionRefusedError() if len(times) < attempts else None

    event = registration_event()
    handler = Received(away)
    async with consuming(handler):
        await publish(js, topology, event)
        await handler.until(lambda h: bool(h.handled))

    assert handler.calls == [[event.id]] * attempts, "more often than a failing handler is tried"
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.04
    assert await dead_letters.list_all(js, topology) == []


async def test_an_outage_uses_up_none_of_the_tries_of_a_handler_that_fails(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    outcomes = [*[ConnectionRefusedError()] * 4, KeyError(), None]
    handler = Received(lambda _: outcomes.pop(0))
    async with consuming(handler):
        await publish(js, topology, registration_event())
        await handler.until(lambda h: bool(h.handled))

    assert not outcomes
    assert await dead_letters.list_all(js, topology) == []


async def test_a_handler_may_say_itself_that_the_world_is_away(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    handler = Received(lambda _: None if len(handler.calls) > 4 else WorldAway())
    async with consuming(handler):
        await publish(js, topology, registration_event())
        await handler.until(lambda h: bool(h.handled))

    assert await dead_letters.list_all(js, topology) == []


async def test_a_bug_on_one_event_holds_up_none_of_its_batch_and_ends_as_a_dead_letter(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    events = [registration_event() for _ in range(10)]
    bad = events[4].id
    handler = Received(lambda batch: KeyError("Camille") if bad in [event.id for event in batch] else None)
    await publish(js, topology, *events)
    async with consuming(handler):
        await handler.until(lambda h: len(h.handled) == 9)
        letter = await one_dead_letter(js, topology)

    assert handler.handled == [event.id for event in events if event.id != bad]
    assert (letter.event_id, letter.reason, letter.detail) == (str(bad), "handler-failed", "KeyError")
    assert letter.deliveries == 3
    assert handler.calls.count([bad]) == 3


async def test_a_dead_letter_sent_back_reaches_the_consumer_that_refused_it_and_no_other(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    event, mended = registration_event(), asyncio.Event()
    refusing = Received(lambda _: None if mended.is_set() else KeyError())
    other = Received()
    async with consuming(refusing, name="refusing"), consuming(other, name="other"):
        await publish(js, topology, event)
        letter = await one_dead_letter(js, topology)
        mended.set()
        await dead_letters.replay(js, topology, letter.number)
        await refusing.until(lambda h: bool(h.handled))
        await publish(js, topology, last := registration_event())
        await other.until(lambda h: last.id in h.handled)
        await eventually(lambda: _nothing_to_retry(js, topology), "the retry is settled")

    assert refusing.handled[0] == event.id
    assert other.handled == [event.id, last.id]
    assert await dead_letters.list_all(js, topology) == []


async def test_a_dead_letter_that_fails_again_comes_back_under_a_new_number(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    async with consuming(Received(lambda _: KeyError())):
        await publish(js, topology, registration_event())
        first = await one_dead_letter(js, topology)
        await dead_letters.replay(js, topology, first.number)
        second = await one_dead_letter(js, topology)

    assert second.number > first.number
    assert second.event_id == first.event_id
    assert second.origin_stream == topology.retries_stream
    with pytest.raises(dead_letters.NoSuchDeadLetter):
        await dead_letters.replay(js, topology, first.number)


async def test_a_stream_built_anew_hides_no_dead_letter_behind_one_of_the_old(
    js: JetStreamContext, topology: Topology
) -> None:
    for _ in range(2):
        await publish(js, topology, registration_event())
        reader = await js.pull_subscribe(topology.all_events, durable="reader")
        [message] = await reader.fetch(1)
        for _ in range(2):
            await dead_letters.bury(js, topology, message, consumer="subject", reason="poison", detail="")
        await js.delete_stream(topology.events_stream)
        await provision(js, topology)

    letters = await dead_letters.list_all(js, topology)
    assert [letter.origin_sequence for letter in letters] == [1, 1]
    assert letters[0].event_id != letters[1].event_id


async def test_a_letter_sent_back_is_kept_as_long_as_one_that_nobody_read(
    js: JetStreamContext, topology: Topology
) -> None:
    unread, sent_back = [
        (await js.stream_info(name)).config.max_age for name in (topology.dead_letters_stream, topology.retries_stream)
    ]
    assert unread == sent_back


async def test_what_is_delivered_twice_has_its_effect_once(
    consuming: Consuming, js: JetStreamContext, topology: Topology, database: Database
) -> None:
    effects: list[UUID] = []
    deliveries = 0

    async def handle(events: Sequence[Event]) -> None:
        nonlocal deliveries
        async with database.transaction() as connection:
            new = await first_seen(connection, consumer="subject", event_ids=[event.id for event in events])
        effects.extend(event.id for event in events if event.id in new)
        deliveries += 1
        if deliveries == 1:
            raise ConnectionResetError  # after the commit: the acknowledgement is lost, the effect is not

    handler = Received()
    events = [registration_event() for _ in range(5)]

    async def handle_and_note(batch: Sequence[Event]) -> None:
        await handle(batch)
        await handler(batch)

    await publish(js, topology, *events)
    async with consuming(handle_and_note):
        await handler.until(lambda h: len(h.handled) == 5)

    assert effects == [event.id for event in events]
    assert deliveries > 1


async def test_a_consumer_that_the_broker_lost_is_made_again(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    handler, stop = Received(), asyncio.Event()
    async with consuming(handler) as consumer:
        watching = asyncio.create_task(consumer.watch(stop))
        await publish(js, topology, first := registration_event())
        await handler.until(lambda h: first.id in h.handled)
        await js.delete_stream(topology.events_stream)
        await js.delete_stream(topology.retries_stream)
        await eventually(lambda: _exists(js, topology, "subject"), "stream and consumer are back")
        await publish(js, topology, second := registration_event())
        await handler.until(lambda h: second.id in h.handled)
        stop.set()
        await watching


async def test_an_event_is_not_lost_when_its_dead_letter_cannot_be_stored(
    consuming: Consuming, js: JetStreamContext, topology: Topology, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ACK_WAIT", 0.5)
    monkeypatch.setattr(dead_letters, "PUBLISH_TIMEOUT", 0.2)
    handler = Received()
    async with consuming(handler):
        await js.delete_stream(topology.dead_letters_stream)
        message = encode(registration_event(), topology)
        await js.publish(message.subject, b"rubbish", headers=message.headers)
        await publish(js, topology, good := registration_event())
        await handler.until(lambda h: good.id in h.handled)
        await provision(js, topology)

        assert (await one_dead_letter(js, topology)).reason == "bad-schema"


async def test_a_lone_event_never_waits_for_its_acknowledgement_to_run_out(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    """One batch in thirty was dropped at the end of its time before `chassis.steady_pull`, to come again after 15 s."""
    handler, loop = Received(), asyncio.get_running_loop()
    slowest = 0.0
    async with consuming(handler):
        for number in range(1, 81):
            started = loop.time()
            await publish(js, topology, registration_event())
            await handler.until(lambda h, number=number: len(h.handled) == number)  # type: ignore[misc]
            slowest = max(slowest, loop.time() - started)

    assert slowest < 5.0


async def test_what_is_under_way_is_finished_and_acknowledged_when_the_consumer_stops(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    begun, finished = asyncio.Event(), asyncio.Event()

    async def slow(events: Sequence[Event]) -> None:
        begun.set()
        await asyncio.sleep(0.3)
        finished.set()

    async with consuming(slow):
        await publish(js, topology, registration_event())
        await asyncio.wait_for(begun.wait(), PATIENCE)

    assert finished.is_set()
    assert await _acknowledged(js, topology, "subject")


async def test_the_work_on_an_event_continues_its_trace_and_names_its_registration(
    consuming: Consuming, js: JetStreamContext, topology: Topology, spans: Spans
) -> None:
    with telemetry.tracer("test").start_as_current_span("request") as request:
        event = registration_event(uuid4(), trace=telemetry.current_trace())
    handler = Received()
    async with consuming(handler):
        await publish(js, topology, event)
        await handler.until(lambda h: bool(h.handled))

    process = spans.one(f"process {topology.prefix}.events")
    assert process.context is not None
    assert process.context.trace_id == request.get_span_context().trace_id
    assert (process.attributes or {})[telemetry.REFERENCE] == event.aggregate_id.hex[:8].upper()
    assert (process.attributes or {})[telemetry.MESSAGING_CONSUMER] == "subject"


async def test_dead_letters_are_counted_by_consumer(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    async with consuming(Received(lambda _: KeyError())):
        await publish(js, topology, registration_event())
        letter = await one_dead_letter(js, topology)

    assert await dead_letters.report_counts(js, topology, "subject") == 1
    assert await dead_letters.report_counts(js, topology, "another") == 0
    assert (await dead_letters.show(js, topology, letter.number)).event_id == letter.event_id
    with pytest.raises(dead_letters.NoSuchDeadLetter):
        await dead_letters.show(js, topology, letter.number + 1000)


async def _acknowledged(js: JetStreamContext, topology: Topology, name: str) -> bool:
    info = await js.consumer_info(topology.events_stream, name)
    return (info.num_pending, info.num_ack_pending) == (0, 0)


async def _nothing_to_retry(js: JetStreamContext, topology: Topology) -> bool:
    left: int = (await js.stream_info(topology.retries_stream)).state.messages
    return left == 0


async def _exists(js: JetStreamContext, topology: Topology, name: str) -> bool:
    if topology.events_stream not in [stream.config.name for stream in await js.streams_info()]:
        return False
    return name in [info.name for info in await js.consumers_info(topology.events_stream)]
