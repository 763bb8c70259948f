"""An independent OTLP receiver sees the way of one registration as one trace, every hop connected, with the current names."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from io import StringIO

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from rich.console import Console

from local.console import json_views, story
from local.console.otlp import MalformedTelemetry, decode_protobuf
from local.console.traces import TraceStore
from local.demo.site import site
from local.tracing.tree import Story, show
from tests.fixtures.arena import Arena
from tests.fixtures.meetups import publish_meetup
from tests.unit.deploy.collector_configuration import redaction

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

SAID = (
    "POST /api/v1/meetups/{meetup_id}/registrations answered 201",
    "registration relay",
    "notifications worker",
    "analytics projector",
    "handed to the SMTP server",
)
HOPS = {
    ("rencontres-registration", "admit batch"),
    ("rencontres-registration", "record_admissions"),
    ("rencontres-registration", "send rencontres.events"),
    ("rencontres-notifications", "process rencontres.events"),
    ("rencontres-analytics", "process rencontres.events"),
    ("rencontres-notifications", "send mail"),
}


async def test_form_transaction_relay_consumers_and_mail_are_one_connected_trace(arena: Arena) -> None:
    meetup_id = await publish_meetup(arena.site, arena.admin_token, capacity=10)
    async with site(url=arena.site, admin_token=arena.admin_token) as people:
        receipt = await people.register(
            meetup_id, name="Une Personne", email="one.trace@e2e.example", headcount="1-9", locale="fr"
        )
    await arena.sink.wait_for(lambda mail: "one.trace@e2e.example" in mail.recipients, seconds=30)

    spans = await _complete(arena, receipt.reference)

    assert len({span.trace_id for _, span in spans}) == 1
    assert {(service, span.name) for service, span in spans} >= HOPS
    (root,) = [span for _, span in spans if not span.parent_span_id]
    assert root.name == "POST /api/v1/meetups/{meetup_id}/registrations"
    assert root.kind == Span.SPAN_KIND_SERVER
    known = {span.span_id for _, span in spans}
    assert all(span.parent_span_id in known for _, span in spans if span is not root), "a span hangs in the air"


async def test_messaging_spans_carry_the_names_of_the_current_conventions(arena: Arena) -> None:
    meetup_id = await publish_meetup(arena.site, arena.admin_token, capacity=10)
    async with site(url=arena.site, admin_token=arena.admin_token) as people:
        receipt = await people.register(
            meetup_id, name="Une Personne", email="names@e2e.example", headcount="1-9", locale="fr"
        )
    spans = await _complete(arena, receipt.reference)

    sent = _attributes(spans, "rencontres-registration", "send rencontres.events")
    assert sent["messaging.system"] == "nats"
    assert sent["messaging.operation.type"] == "send"
    assert sent["messaging.destination.name"] == "rencontres.events"
    assert sent["rencontres.registration.reference"] == receipt.reference
    processed = _attributes(spans, "rencontres-analytics", "process rencontres.events")
    assert processed["messaging.operation.type"] == "process"
    assert processed["messaging.consumer.group.name"] == "analytics"
    assert processed["messaging.message.id"] == sent["messaging.message.id"]


async def test_every_attribute_of_the_whole_trace_may_pass_the_fence_of_the_collector(arena: Arena) -> None:
    meetup_id = await publish_meetup(arena.site, arena.admin_token, capacity=10)
    async with site(url=arena.site, admin_token=arena.admin_token) as people:
        receipt = await people.register(
            meetup_id, name="Une Personne", email="fence@e2e.example", headcount="1-9", locale="fr"
        )
    spans = await _complete(arena, receipt.reference)

    carried = {attribute.key for _, span in spans for attribute in span.attributes}

    assert "http.route" in carried
    assert carried <= set(redaction().allowed_keys)


async def test_the_tree_of_the_command_shows_every_hop_and_nobody(arena: Arena) -> None:
    meetup_id = await publish_meetup(arena.site, arena.admin_token, capacity=10)
    async with site(url=arena.site, admin_token=arena.admin_token) as people:
        receipt = await people.register(
            meetup_id, name="Une Personne", email="tree@e2e.example", headcount="1-9", locale="fr"
        )
    await _complete(arena, receipt.reference)
    kept = TraceStore()
    for body in arena.collector.bodies:
        with suppress(MalformedTelemetry):  # metrics come the same way
            kept.add(decode_protobuf(body).spans)
    told = json_views.story(receipt.reference, story.of_reference(kept, receipt.reference))

    show(Story.model_validate(told), console := Console(record=True, width=300, file=StringIO()))
    said = console.export_text()

    assert [words for words in SAID if words not in said] == []
    assert "Une Personne" not in said
    assert "tree@e2e.example" not in said


async def _complete(arena: Arena, reference: str) -> list[tuple[str, Span]]:
    """Return the spans of a registration once every hop has told its own; exporters send by the second."""
    async with asyncio.timeout(30):
        while True:
            spans = arena.collector.trace_of(reference)
            known = {span.span_id for _, span in spans}
            whole = all(not span.parent_span_id or span.parent_span_id in known for _, span in spans)
            if whole and {(service, span.name) for service, span in spans} >= HOPS:
                return spans
            await asyncio.sleep(0.1)


def _attributes(spans: Sequence[tuple[str, Span]], service: str, name: str) -> dict[str, str]:
    span = next(span for owner, span in spans if (owner, span.name) == (service, name))
    return {attribute.key: attribute.value.string_value for attribute in span.attributes}
