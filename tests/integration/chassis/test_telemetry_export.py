"""Telemetry of a real process: what a collector receives, what happens without one, and what the variables switch."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

_ROOT = Path(__file__).parents[3]
_PROGRAM = """
from chassis import logging, telemetry
logging.setup(service="registration", process="api")
telemetry.start(service="registration", process="api")
telemetry.OUTBOX_AGE.set(2.5)
telemetry.CONSUMER_LAG.set(7, consumer="notifications")
for number in range(SPANS):
    with telemetry.tracer("test").start_as_current_span("work", attributes={telemetry.REFERENCE: "R-1"}):
        pass
print(telemetry.prometheus_text().decode())
telemetry.stop()
"""


class _Collector(BaseHTTPRequestHandler):
    received: ClassVar[list[tuple[str, bytes]]]

    def do_POST(self) -> None:
        self.received.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


def _run(environment: Mapping[str, str], *, spans: int = 1) -> str:
    """Run the program to its end; one that hangs fails."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.replace("SPANS", str(spans))],
        env={key: value for key, value in os.environ.items() if not key.startswith("OTEL_")} | dict(environment),
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout + done.stderr


@pytest.fixture
def collector() -> "tuple[str, list[tuple[str, bytes]]]":
    received: list[tuple[str, bytes]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Collector", (_Collector,), {"received": received}))
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}", received


def test_a_collector_receives_spans_and_metrics_with_the_identity_of_the_process(
    collector: tuple[str, list[tuple[str, bytes]]],
) -> None:
    endpoint, received = collector

    _run({"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test"})

    traces = ExportTraceServiceRequest.FromString(next(body for path, body in received if path == "/v1/traces"))
    identity = {a.key: a.value.string_value for a in traces.resource_spans[0].resource.attributes}
    assert identity["service.name"] == "rencontres-registration"
    assert identity["service.namespace"] == "rencontres"
    assert identity["rencontres.process"] == "api"
    assert identity["deployment.environment.name"] == "test"
    assert {"service.instance.id", "service.version"} <= set(identity)
    span = traces.resource_spans[0].scope_spans[0].spans[0]
    assert (span.name, span.attributes[0].value.string_value) == ("work", "R-1")
    metrics = ExportMetricsServiceRequest.FromString(next(body for path, body in received if path == "/v1/metrics"))
    names = {m.name for scope in metrics.resource_metrics[0].scope_metrics for m in scope.metrics}
    assert {"rencontres.outbox.age", "rencontres.consumer.lag.messages"} <= names


def test_metrics_come_out_under_their_promised_names_with_no_collector_at_all() -> None:
    output = _run({})

    assert "\nrencontres_outbox_age_seconds 2.5\n" in output
    assert '\nrencontres_consumer_lag_messages{consumer="notifications"} 7.0\n' in output


def test_a_collector_that_is_away_delays_the_end_by_a_bound_and_is_said_once_a_signal() -> None:
    output = _run({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}, spans=20_000)

    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert [line["level"] for line in lines if "collector is away" in line["event"]].count("warning") <= 2
    assert len(lines) <= 2, lines
    assert "Traceback" not in output


def test_each_signal_may_have_an_endpoint_of_its_own(collector: tuple[str, list[tuple[str, bytes]]]) -> None:
    endpoint, received = collector

    _run({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{endpoint}/elsewhere"})

    assert {path for path, _ in received} == {"/elsewhere"}


@pytest.mark.parametrize(
    "switch", [{"OTEL_SDK_DISABLED": "true"}, {"OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none"}]
)
def test_the_standard_switches_turn_it_off(
    switch: dict[str, str], collector: tuple[str, list[tuple[str, bytes]]]
) -> None:
    endpoint, received = collector

    _run({"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint} | switch)

    assert received == []


def test_the_sampler_of_the_environment_decides(collector: tuple[str, list[tuple[str, bytes]]]) -> None:
    endpoint, received = collector

    _run({"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_TRACES_SAMPLER": "always_off"})

    assert {path for path, _ in received} == {"/v1/metrics"}


async def test_stopping_twice_is_harmless() -> None:
    from chassis import telemetry

    await asyncio.to_thread(telemetry.stop)
    await asyncio.to_thread(telemetry.stop)
