"""The projector on a real broker: from the stream into the reports, and into traces."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import httpx
from nats.js import JetStreamContext

from chassis.consumer import EventConsumer
from chassis.database import Database
from contracts.subjects import Topology
from tests.fixtures.reporting import meetup, recount, registration
from tests.fixtures.telemetry import Spans
from tests.integration.analytics.conftest import publish, sums
from tests.integration.analytics.test_rebuild import settled

Projecting = Callable[[], AbstractAsyncContextManager[EventConsumer]]
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def traced(number: int) -> dict[str, str]:
    return {"traceparent": f"00-{TRACE}-{number:016x}-01"}


async def test_events_of_the_stream_become_figures(
    js: JetStreamContext, topology: Topology, database: Database, projecting: Projecting, http: httpx.AsyncClient
) -> None:
    place = meetup()
    events = [place, *(registration(place.aggregate_id, status="confirmed") for _ in range(1200))]
    await publish(js, topology, events)
    behind = (await http.get("/api/v1/statistics")).json()["as_of"]["events_behind"]

    async with projecting() as consumer:
        await settled(consumer)

    assert behind is None  # there was no projector yet, so nobody knew
    assert await sums(database) == recount(events)
    await asyncio.sleep(0)
    report = (await http.get("/api/v1/statistics")).json()
    assert report["totals"]["confirmed"] == 1200
    assert report["as_of"]["last_event_at"] == "2027-03-18T09:00:00Z"


async def test_a_lone_event_is_processed_in_its_own_trace(
    js: JetStreamContext, topology: Topology, projecting: Projecting, spans: Spans
) -> None:
    event = replace(registration(meetup().aggregate_id), trace=traced(7))
    await publish(js, topology, [event])
    async with projecting() as consumer:
        await settled(consumer)

    process = next(span for span in spans.all() if span.name.startswith("process "))
    query = spans.one("project")

    assert format(process.context.trace_id, "032x") == TRACE
    assert process.attributes is not None
    assert process.attributes["rencontres.registration.reference"] == event.data.reference  # type: ignore[attr-defined]
    assert query.parent is not None
    assert query.parent.span_id == process.context.span_id


async def test_a_large_batch_has_one_span_with_links(
    js: JetStreamContext, topology: Topology, projecting: Projecting, spans: Spans
) -> None:
    place = meetup().aggregate_id
    await publish(js, topology, [replace(registration(place), trace=traced(number)) for number in range(1, 201)])
    async with projecting() as consumer:
        await settled(consumer)

    processes = [span for span in spans.all() if span.name.startswith("process ")]

    assert sum(len(span.links) for span in processes) <= 200
    assert max(len(span.links) for span in processes) >= 100
