"""A consumer on a real broker: in order, once, to the end, and in the trace where the event began."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js import JetStreamContext

from chassis import dead_letters, telemetry
from chassis.broker import event_broker
from chassis.database import Database
from chassis.inbox import first_seen
from chassis.provisioning import ACK_WAIT, keep_provisioned, provision
from contracts.consumers import Durable
from contracts.envelope import Event, encode
from contracts.subjects import Topology
from tests.fixtures.events import registration_event
from tests.fixtures.servers import NatsServer
from tests.fixtures.telemetry import Spans
from tests.integration.chassis.conftest import PATIENCE, eventually
from tests.integration.chassis.consuming import (
    Consuming,
    Received,
    acknowledged,
    consuming,
    impatient,
    publish,
)

__all__ = ["consuming", "impatient"]


async def test_events_are_handled_in_order_and_in_batches_and_acknowledged(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    events = [registration_event(version=number) for number in range(1, 31)]
    await publish(js, topology, *events)
    handler = Received()
    async with consuming(handler) as consumer:
        await handler.until(lambda h: len(h.handled) == 30)
        await eventually(lambda: acknowledged(js, topology, "subject"), "all is acknowledged")
        await consumer._look()

        assert consumer.lag == 0
    assert handler.handled == [event.id for event in events]
    assert len(handler.calls) < 30


async def test_a_consumer_that_stops_handles_the_batch_that_it_is_gathering(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    """What is left unacknowledged comes to another replica only after `ack_wait`: a mail late by a quarter of a minute."""
    events = [registration_event() for _ in range(3)]
    handler = Received()

    async def gathered() -> bool:
        waiting: int | None = (await js.consumer_info(topology.events_stream, "subject")).num_ack_pending
        return waiting == 3

    async with consuming(handler, linger=2.0):
        await publish(js, topology, *events)
        await eventually(gathered, "the batch is begun and waits for company")
        assert handler.handled == []

    assert handler.handled == [event.id for event in events]
    assert await acknowledged(js, topology, "subject")


async def test_a_consumer_that_stops_gives_back_what_it_was_sent_too_late(
    js: JetStreamContext, topology: Topology, nats_server: NatsServer
) -> None:
    durable = Durable("subject", ("registration",), in_flight=50)
    await provision(js, topology, durable)
    await publish(js, topology, *(registration_event() for _ in range(3)))
    async with event_broker(nats_server.url, name="subject", on_closed=lambda: None) as broker:
        pull = await broker.config.connection_state.stream.pull_subscribe_bind(
            stream=topology.events_stream, consumer="subject"
        )
        await js._nc.publish(pull._nms, b'{"batch": 3}', pull._deliver)  # a fetch that has ended when its messages come
        finishing = asyncio.create_task(pull.finish())
        await asyncio.sleep(0)
        with pytest.raises(NatsTimeoutError):
            await pull.fetch(3, timeout=1)
        fetching = asyncio.create_task(pull.fetch(3, timeout=1))
        await asyncio.wait_for(finishing, PATIENCE)
        fetching.cancel()

    again = await js.pull_subscribe_bind(stream=topology.events_stream, consumer="subject")
    assert len(await again.fetch(3, timeout=ACK_WAIT / 2)) == 3


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
        durable = Durable("subject", ("registration",), in_flight=50)
        keeping = asyncio.create_task(keep_provisioned(js, topology, durable, stop=stop))
        watching = asyncio.create_task(consumer.watch(stop))
        await publish(js, topology, first := registration_event())
        await handler.until(lambda h: first.id in h.handled)
        await js.delete_stream(topology.events_stream)
        await js.delete_stream(topology.retries_stream)
        await eventually(lambda: _exists(js, topology, "subject"), "stream and consumer are back")
        await publish(js, topology, second := registration_event())
        await handler.until(lambda h: second.id in h.handled)
        stop.set()
        await asyncio.gather(watching, keeping)


async def test_a_lone_event_never_waits_for_its_acknowledgement_to_run_out(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    """One batch in thirty was dropped at the end of its time before `chassis.steady_pull`, to come again after 15 s."""
    handler = Received()
    async with consuming(handler):
        for number in range(1, 81):
            await publish(js, topology, registration_event())
            await handler.until(lambda h, number=number: len(h.handled) == number)  # type: ignore[misc]
        deliveries = (await js.consumer_info(topology.events_stream, "subject")).delivered.consumer_seq

    assert deliveries == 80, "some came a second time, after their acknowledgement ran out"


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
    assert await acknowledged(js, topology, "subject")


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


async def _exists(js: JetStreamContext, topology: Topology, name: str) -> bool:
    if topology.events_stream not in [stream.config.name for stream in await js.streams_info()]:
        return False
    return name in [info.name for info in await js.consumers_info(topology.events_stream)]
