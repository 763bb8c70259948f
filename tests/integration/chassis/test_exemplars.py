"""From a latency to a trace: what `/metrics` of a real process tells about the requests in its buckets."""

import os
import re
import subprocess
import sys
from pathlib import Path

from prometheus_client.openmetrics.parser import text_string_to_metric_families

_PROGRAM = """
import asyncio, httpx
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from chassis import http, telemetry
from chassis.health import Probes

async def main():
    telemetry.start(service="registration", process="api")
    telemetry.OUTBOX_AGE.set(2.5)
    app = Starlette(routes=[Route("/hello", lambda request: PlainTextResponse("hello")), *Probes().routes()])
    http.install(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        print((await client.get("/hello")).headers["traceresponse"])
        answer = await client.get("/metrics", headers={"accept": ACCEPT})
        print(answer.headers["content-type"])
        print(answer.text)

asyncio.run(main())
"""
_PROMETHEUS = "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.1"
_ROOT = Path(__file__).parents[3]


def _run(*, accept: str, **environment: str) -> tuple[str, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.replace("ACCEPT", repr(accept))],
        env={key: value for key, value in os.environ.items() if not key.startswith("OTEL_")} | environment,
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    trace, content_type, text = done.stdout.split("\n", 2)
    return trace, content_type, text


def test_a_latency_leads_prometheus_to_the_trace_of_a_request() -> None:
    traceresponse, content_type, text = _run(accept=_PROMETHEUS, OTEL_METRICS_EXEMPLAR_FILTER="trace_based")

    assert content_type == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    read = text_string_to_metric_families(text.rstrip("\n") + "\n")  # type: ignore[no-untyped-call]
    families = {family.name: family for family in read}
    latency = families["http_server_request_duration_seconds"]
    exemplars = [sample.exemplar for sample in latency.samples if sample.exemplar]
    (exemplar,) = exemplars
    _, trace_id, span_id, _ = traceresponse.split("-")
    assert exemplar.labels == {"trace_id": trace_id, "span_id": span_id}
    assert "rencontres_outbox_age_seconds" in families


def test_exemplars_are_made_only_when_asked_for() -> None:
    _, _, text = _run(accept=_PROMETHEUS)

    assert "http_server_request_duration_seconds_bucket" in text
    assert " # {" not in text


def test_whoever_asks_for_the_plain_text_format_gets_it_without_exemplars() -> None:
    _, content_type, text = _run(accept="*/*", OTEL_METRICS_EXEMPLAR_FILTER="trace_based")

    assert content_type.startswith("text/plain; version=0.0.4")
    assert not re.search(r"# \{|# EOF", text)
