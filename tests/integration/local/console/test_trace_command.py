"""`rencontres trace`, from the console of a run and from Jaeger: the same tree."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode
from pydantic import JsonValue

from chassis.telemetry import PROCESS, REFERENCE
from local.tracing import sources
from tests.fixtures import recorded_run as recorded
from tests.fixtures.recorded_run import RecordedRun
from tests.integration.local.console.conftest import Console

NAME = "R-7K4QX-9M2TC"


class _Jaeger(BaseHTTPRequestHandler):
    """Answers `/api/traces` as Jaeger does: traces of the service with the tag that is sought."""

    spans: ClassVar[list[ReadableSpan]]

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        sought = json.loads(query["tags"][0])
        service = query["service"][0]
        found = {
            _trace_id(span)
            for span in self.spans
            if span.resource.attributes["service.name"] == service
            and (span.attributes or {}).get(REFERENCE) == sought[REFERENCE]
        }
        body = json.dumps(
            {"data": [_trace(self.spans, one) for one in sorted(found)], "total": len(found), "errors": None}
        )
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@pytest.fixture
def run() -> RecordedRun:
    made = RecordedRun(start=recorded.DAY)
    recorded.record_confirmation(made, NAME, at=0)
    return made


@pytest.fixture
def jaeger(run: RecordedRun) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Jaeger", (_Jaeger,), {"spans": list(run.kept.spans)}))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _rencontres(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "local", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1"},
    )
    return done.returncode, done.stdout + done.stderr


def test_the_tree_from_jaeger_shows_each_step_under_what_caused_it_and_where_to_look_further(jaeger: str) -> None:
    code, said = _rencontres("trace", NAME, "--jaeger", jaeger)

    assert code == 0, said
    lines = said.splitlines()
    assert lines[0].startswith("Confirmation of the seat  1970-01-02 00:00:00.000 UTC, trace ")
    request, relay, settled = (
        next(number for number, line in enumerate(lines) if words in line)
        for words in ("POST /inscriptions/{reference}/confirmer", "Published 1 message", "Database: settle published")
    )
    assert request < relay < settled
    assert _depth(lines[request]) < _depth(lines[relay]) < _depth(lines[settled])
    assert "registration relay, after 9.6 ms" in lines[relay]
    assert any("failed: SMTPServerDisconnected" in line for line in lines)
    assert f"In Jaeger: {jaeger}/trace/" in said


def test_a_reference_may_be_typed_as_people_type_it(jaeger: str) -> None:
    assert _rencontres("trace", "r 7k4qx 9m2tc", "--jaeger", jaeger)[0] == 0


def test_nothing_found_is_said_with_what_it_may_mean(jaeger: str) -> None:
    code, said = _rencontres("trace", "R-00000-00000", "--jaeger", jaeger)

    assert code == 1
    assert "no trace names the registration R-00000-00000" in said


def test_a_jaeger_that_is_away_is_said_in_one_line() -> None:
    code, said = _rencontres("trace", NAME, "--jaeger", "http://127.0.0.1:9")

    assert code == 1
    assert said.strip() == "no answer from Jaeger at http://127.0.0.1:9: ConnectError"


def test_without_a_run_a_jaeger_is_asked_for(tmp_path_factory: pytest.TempPathFactory) -> None:
    code, said = _rencontres("trace", NAME, "--data", str(tmp_path_factory.mktemp("none")))

    assert code == 1
    assert "--jaeger" in said


async def test_console_and_jaeger_tell_the_same_story(console: Console, jaeger: str, run: RecordedRun) -> None:
    console.traces.add(run.decoded())

    of_console = await asyncio.to_thread(sources.of_console, console.url, NAME)
    of_jaeger = await asyncio.to_thread(sources.of_jaeger, jaeger, NAME)

    assert [span.words for span in of_jaeger.spans] == [span.words for span in of_console.spans]
    assert of_jaeger.chapters == of_console.chapters
    assert [(s.below, s.failed, s.process) for s in of_jaeger.spans] == [
        (s.below, s.failed, s.process) for s in of_console.spans
    ]


def _depth(line: str) -> int:
    return max(line.rfind("├"), line.rfind("└"))


def _trace(spans: list[ReadableSpan], trace_id: str) -> JsonValue:
    own = [span for span in spans if _trace_id(span) == trace_id]
    return {
        "traceID": trace_id,
        "spans": [_span(span, f"p{number}") for number, span in enumerate(own)],
        "processes": {f"p{number}": _process(span) for number, span in enumerate(own)},
        "warnings": None,
    }


def _process(span: ReadableSpan) -> JsonValue:
    attributes = span.resource.attributes
    tags: list[JsonValue] = [{"key": PROCESS, "type": "string", "value": str(attributes[PROCESS])}]
    return {"serviceName": str(attributes["service.name"]), "tags": tags}


def _span(span: ReadableSpan, process: str) -> JsonValue:
    context = span.context
    assert context is not None
    assert span.start_time is not None
    assert span.end_time is not None
    references: list[JsonValue] = [
        {
            "refType": "FOLLOWS_FROM",
            "traceID": f"{link.context.trace_id:032x}",
            "spanID": f"{link.context.span_id:016x}",
        }
        for link in span.links
    ]
    if span.parent is not None:
        references.insert(
            0, {"refType": "CHILD_OF", "traceID": _trace_id(span), "spanID": f"{span.parent.span_id:016x}"}
        )
    return {
        "traceID": _trace_id(span),
        "spanID": f"{context.span_id:016x}",
        "operationName": span.name,
        "references": references,
        "startTime": span.start_time // 1_000,
        "duration": (span.end_time - span.start_time) // 1_000,
        "tags": [*_tags(span)],
        "logs": [],
        "processID": process,
        "warnings": None,
    }


def _tags(span: ReadableSpan) -> Iterator[JsonValue]:
    yield {"key": "span.kind", "type": "string", "value": span.kind.name.lower()}
    yield {"key": "otel.scope.name", "type": "string", "value": "rencontres"}
    if span.status.status_code is StatusCode.ERROR:
        yield {"key": "error", "type": "bool", "value": True}
    for key, value in (span.attributes or {}).items():
        match value:
            case bool():
                yield {"key": key, "type": "bool", "value": value}
            case int():
                yield {"key": key, "type": "int64", "value": value}
            case str():
                yield {"key": key, "type": "string", "value": value}
            case _:
                yield {
                    "key": key,
                    "type": "string",
                    "value": json.dumps(list(value) if isinstance(value, (list, tuple)) else value),
                }


def _trace_id(span: ReadableSpan) -> str:
    assert span.context is not None
    return f"{span.context.trace_id:032x}"
