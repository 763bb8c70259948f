"""One trace from the request to the event that it stored."""

import asyncio

import httpx
from opentelemetry import trace

from chassis import telemetry
from services.registration.admission import Admission
from services.registration.receipts import Outcome
from tests.fixtures.telemetry import Spans
from tests.integration.registration.conftest import House, application_of


async def test_the_event_carries_the_trace_of_its_own_request(
    house: House, http: httpx.AsyncClient, spans: Spans
) -> None:
    meetup_id = (await house.meetup()).meetup.id
    form = {"email": "zainaba@firm.example", "full_name": "Zaïnaba Madi", "headcount": "1-9"}
    answer = await http.post(f"/api/v1/meetups/{meetup_id}/registrations", json=form, headers={"Idempotency-Key": "k"})
    reference = answer.json()["reference"]
    request = spans.one("POST /api/v1/meetups/{meetup_id}/registrations")
    assert request.context is not None
    assert (request.attributes or {})[telemetry.REFERENCE] == reference
    [row] = await house.rows("SELECT headers FROM event_log WHERE type LIKE '%registration.held%'")
    assert row["headers"]["traceparent"].split("-")[1:3] == [
        trace.format_trace_id(request.context.trace_id),
        trace.format_span_id(request.context.span_id),
    ]
    in_trace = {span.name for span in spans.all() if span.context and span.context.trace_id == request.context.trace_id}
    assert {"admit batch", "lock_ledgers", "admission_candidates", "record_admissions", "stage_events"} <= in_trace
    assert "zainaba@" not in spans.texts()
    assert "Madi" not in spans.texts()


async def test_a_large_batch_is_one_span_linked_to_every_request(house: House, spans: Spans) -> None:
    meetup_id = (await house.meetup(capacity=60)).meetup.id
    async with Admission(house.work) as desk:

        async def ask(person: int) -> Outcome:
            with telemetry.tracer("test").start_as_current_span("request"):
                return await desk.ask(application_of(meetup_id, person))

        outcomes = await asyncio.gather(*(ask(person) for person in range(50)))
    batch = max(spans.named("admit batch"), key=lambda span: len(span.links))
    asked = {span.context.span_id for span in spans.named("request") if span.context}
    assert {link.context.span_id for link in batch.links} <= asked
    assert len(batch.links) > 16
    references = (batch.attributes or {})[telemetry.REFERENCES]
    assert isinstance(references, tuple)
    assert set(references) <= {outcome.receipt.reference for outcome in outcomes}
    rows = await house.rows(
        "SELECT headers->>'traceparent' AS parent FROM event_log WHERE type LIKE '%registration.held%'"
    )
    assert len({row["parent"] for row in rows}) == 50
