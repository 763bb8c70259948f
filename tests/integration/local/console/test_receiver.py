"""OTLP over HTTP, from the SDK's own exporter and from senders that get it wrong."""

import asyncio
import gzip
import json

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from local.console.receiver import LARGEST_BODY
from tests.fixtures import recorded_run as recorded
from tests.fixtures.recorded_run import RecordedRun
from tests.integration.local.console.conftest import Console

REFERENCE = "R-7K4QX-9M2TC"
PROTOBUF = {"content-type": "application/x-protobuf"}
JSON = {"content-type": "application/json"}
GZIP = {"content-encoding": "gzip"}


@pytest.mark.parametrize("compressed", [True, False])
async def test_what_the_exporter_sends_is_found_by_reference(console: Console, *, compressed: bool) -> None:
    run = RecordedRun(start=recorded.DAY)
    recorded.record_registration(run, REFERENCE)
    await asyncio.to_thread(run.export, console.url, compressed=compressed)
    story = (await console.http.get(f"/api/references/{REFERENCE}")).json()
    assert {span["service"] for span in story["spans"]} == {"registration", "notifications", "analytics"}
    assert [chapter["heading"] for chapter in story["chapters"]] == ["Registration"]
    assert {span["batch"] for span in story["spans"] if span["shared"]} == {37}
    listed = (await console.http.get("/api/traces", params={"reference": REFERENCE})).json()["traces"]
    assert len(listed) == 5


async def test_json_is_read_with_hexadecimal_ids(console: Console) -> None:
    span = {
        "traceId": "5b8aa5a2d2c872e8321cf37308d69df2", "spanId": "051581bf3cb55c13", "name": "from a browser", "kind": 2,
        "startTimeUnixNano": "1700000000000000000", "endTimeUnixNano": "1700000000500000000",
        "links": [{"traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331"}],
        "attributes": [{"key": "rencontres.registration.reference", "value": {"stringValue": REFERENCE}}],
        "somethingNew": 1,
    }  # fmt: skip
    body = {"resourceSpans": [{"resource": {}, "scopeSpans": [{"spans": [span]}]}]}
    answer = await console.http.post("/v1/traces", json=body)
    assert (answer.status_code, answer.json()) == (200, {})
    (seen,) = (await console.http.get(f"/api/references/{REFERENCE}")).json()["spans"]
    assert (seen["trace_id"], seen["kind"], seen["duration_ms"]) == (span["traceId"], "server", 500)
    assert seen["links"] == [{"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331"}]


async def test_spans_without_usable_ids_are_counted_and_the_sender_is_told(console: Console) -> None:
    request = ExportTraceServiceRequest()
    request.resource_spans.add().scope_spans.add().spans.add(trace_id=b"short", span_id=b"")
    answer = await console.http.post("/v1/traces", content=request.SerializeToString(), headers=PROTOBUF)
    assert ExportTraceServiceResponse.FromString(answer.content).partial_success.rejected_spans == 1
    assert (await console.http.get("/api/stats")).json()["spans"]["rejected"] == 1


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"\xff\xff\xff", PROTOBUF, 400),
        (b"{", JSON, 400),
        (b"[1]", JSON, 400),
        (b'{"resourceSpans": 3}', JSON, 400),
        (json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "xyz"}]}]}]}).encode(), JSON, 400),
        (b"[" * 100_000, JSON, 400),
        (b"not gzip", PROTOBUF | GZIP, 400),
        (gzip.compress(b"x" * 100)[:-9], PROTOBUF | GZIP, 400),
        (gzip.compress(bytes(LARGEST_BODY + 1)), PROTOBUF | GZIP, 413),
        (bytes(LARGEST_BODY + 1), PROTOBUF, 413),
        (b"", PROTOBUF | {"content-encoding": "br"}, 415),
        (b"", {"content-type": "text/plain"}, 415),
    ],
    ids=["noise", "half json", "list", "number", "bad id", "deep", "no gzip", "cut gzip", "bomb", "huge", "br", "text"],
)
async def test_a_bad_body_is_refused_and_the_console_goes_on(
    console: Console, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = await console.http.post("/v1/traces", content=body, headers=headers)
    assert answer.status_code == status
    assert len(console.traces) == 0
    assert (await console.http.get("/healthz")).status_code == 200


@pytest.mark.parametrize("path", ["/v1/metrics", "/v1/logs"])
async def test_metrics_and_logs_are_taken_and_dropped(console: Console, path: str) -> None:
    answer = await console.http.post(path, content=b"\x0a\x00", headers=PROTOBUF)
    assert (answer.status_code, answer.content) == (200, b"")


async def test_a_sender_that_goes_away_midway_leaves_nothing(console: Console) -> None:
    async def half() -> "asyncio.StreamWriter":
        _, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(console.url).port)
        writer.write(
            b"POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-protobuf\r\ncontent-length: 99\r\n\r\nab"
        )
        await writer.drain()
        return writer

    (await half()).transport.abort()
    assert (await console.http.get("/api/stats")).json()["spans"]["received"] == 0
