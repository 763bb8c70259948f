"""What cannot be handled becomes a dead letter, holds up nothing else, and can be sent back."""

import asyncio

import pytest
from nats.js import JetStreamContext

from chassis import dead_letters, provisioning
from chassis.provisioning import provision
from contracts.envelope import encode
from contracts.subjects import Topology
from tests.fixtures.events import registration_event
from tests.integration.chassis.conftest import eventually
from tests.integration.chassis.consuming import (
    Consuming,
    Received,
    acknowledged,
    consuming,
    impatient,
    one_dead_letter,
    publish,
)

__all__ = ["consuming", "impatient"]


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
        await eventually(lambda: acknowledged(js, topology, "subject"), "the poison is off the stream, too")

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


async def test_an_event_is_not_lost_when_its_dead_letter_cannot_be_stored(
    consuming: Consuming, js: JetStreamContext, topology: Topology, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provisioning, "ACK_WAIT", 0.5)
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


async def _nothing_to_retry(js: JetStreamContext, topology: Topology) -> bool:
    left: int = (await js.stream_info(topology.retries_stream)).state.messages
    return left == 0
