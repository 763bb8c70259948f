"""OpenTelemetry for one process: `start` before anything else, `stop` last.

Without an OTLP endpoint nothing leaves the process (metrics are still read at `/metrics`); with one, a collector that is away
costs nothing but the spans of that time. Exception messages never leave: they may quote a row, and a row may name a person.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from opentelemetry import metrics, trace
from opentelemetry.context import Context
from opentelemetry.metrics import Meter
from opentelemetry.sdk.metrics import AlwaysOffExemplarFilter, MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.trace import Link, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import CollectorRegistry, generate_latest

from chassis import otlp
from chassis.exemplars import ExemplarReader, openmetrics_text

REFERENCE = "rencontres.registration.reference"
"""The registration a span is about: how an operator finds its trace."""
REFERENCES = "rencontres.registration.references"
"""The same for a span about several (a batch)."""
PROCESS = "rencontres.process"

# Messaging conventions 1.44 (they have no page for NATS: the generic attributes, and `nats` as the system).
MESSAGING_SYSTEM = "messaging.system"
MESSAGING_OPERATION_NAME = "messaging.operation.name"
MESSAGING_OPERATION_TYPE = "messaging.operation.type"
MESSAGING_DESTINATION_NAME = "messaging.destination.name"
MESSAGING_MESSAGE_ID = "messaging.message.id"
MESSAGING_BATCH_COUNT = "messaging.batch.message_count"
MESSAGING_CONSUMER = "messaging.consumer.group.name"
ERROR_TYPE = "error.type"

METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SERVICE_PREFIX = "rencontres-"
_SCOPE = "rencontres"
_LINK_CAP = 128  # what the SDK keeps of a span's links by default; more would be cut without a word
_NOT_SAMPLED = "-00"  # told by its end alone: parsing 500 contexts a batch for nothing was a tenth of the projection
_PROPAGATOR = TraceContextTextMapPropagator()


@dataclass(slots=True)
class _Running:
    """What `start` built and `stop` takes down."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    spans: list[SpanProcessor] = field(default_factory=list)
    readers: list[MetricReader] = field(default_factory=list)
    scraped: ExemplarReader | None = None


_running = _Running()


def start(*, service: str, process: str) -> None:
    """Set up traces and metrics of this process from the standard `OTEL_*` variables.

    Honoured, among others: `OTEL_SDK_DISABLED`, `OTEL_TRACES_SAMPLER` (default `parentbased_always_on`),
    `OTEL_EXPORTER_OTLP_ENDPOINT` and its `_TRACES_`/`_METRICS_` forms, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_BSP_*`,
    `OTEL_METRICS_EXEMPLAR_FILTER` (default `always_off`; `trace_based` joins latencies to traces).
    """
    resource = _resource(service=service, process=process)
    tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
    if (spans := otlp.span_processor()) is not None:
        tracers.add_span_processor(spans)
        _running.spans.append(spans)
    _running.scraped = ExemplarReader(_running.registry)
    readers: list[MetricReader] = [_running.scraped]
    if (reader := otlp.metric_reader()) is not None:
        readers.append(reader)
    _running.readers.extend(readers)
    trace.set_tracer_provider(tracers)
    exemplars = None if "OTEL_METRICS_EXEMPLAR_FILTER" in os.environ else AlwaysOffExemplarFilter()  # 11 µs a request
    meters = MeterProvider(readers, resource=resource, exemplar_filter=exemplars, shutdown_on_exit=False)
    metrics.set_meter_provider(meters)


def stop(*, within: float = 3.0) -> None:
    """Send what is still waiting and end, after `within` seconds at most; call it in a thread, it blocks."""
    otlp.shut_down(_running.spans, _running.readers, within=within)
    _running.spans.clear()
    _running.readers.clear()
    _running.scraped = None


def prometheus_text() -> bytes:
    """All metrics of this process in the Prometheus text format."""
    return generate_latest(_running.registry)


def openmetrics() -> bytes:
    """The same in the OpenMetrics format, with exemplars where `OTEL_METRICS_EXEMPLAR_FILTER` has some made."""
    return openmetrics_text(_running.scraped) if _running.scraped is not None else b"# EOF\n"


def tracer(name: str) -> Tracer:
    """A tracer; may be taken at import, before `start`."""
    return trace.get_tracer(f"{_SCOPE}.{name}")


def meter(name: str) -> Meter:
    """A meter; may be taken at import, before `start`."""
    return metrics.get_meter(f"{_SCOPE}.{name}")


class Gauge:
    """A value that is set; it comes out in Prometheus as `name` with `_` for `.`, and `_seconds` when `unit` is `s`."""

    def __init__(self, name: str, *, description: str, unit: str = "") -> None:
        self._gauge = meter("gauges").create_gauge(name, unit=unit, description=description)

    def set(self, value: float, **labels: str) -> None:
        """Set the value, for one combination of labels."""
        self._gauge.set(value, labels)


OUTBOX_AGE = Gauge("rencontres.outbox.age", unit="s", description="Age of the oldest event not yet on the broker.")
OUTBOX_ROWS = Gauge("rencontres.outbox.rows", description="Events not yet on the broker.")
CONSUMER_LAG = Gauge(
    "rencontres.consumer.lag.messages", description="Messages of the stream that a consumer has not acknowledged."
)
DEAD_LETTERS = Gauge("rencontres.dead_letters.messages", description="Dead letters of a consumer.")


def current_trace() -> dict[str, str]:
    """The current span as W3C `traceparent` (and `tracestate`), to be stored with an event; empty outside a span."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    if context.trace_state:
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier)
        return carrier
    # What the propagator would write, at a fifth of its cost: every event asks.
    return {"traceparent": f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"}


def context_of(carrier: Mapping[str, str]) -> Context:
    """A context whose current span is the remote one of `traceparent`; an empty one when it is missing or malformed."""
    return _PROPAGATOR.extract(carrier, context=Context())


def links_to(carriers: Iterable[Mapping[str, str]], cap: int = _LINK_CAP) -> list[Link]:
    """Links to the distinct sampled spans that a batch comes from, `cap` at most, in their order."""
    links: dict[str, Link] = {}
    for carrier in carriers:
        parent = carrier.get("traceparent")
        if parent is None or parent in links or parent.endswith(_NOT_SAMPLED):
            continue
        span = trace.get_current_span(context_of(carrier)).get_span_context()
        if span.is_valid and span.trace_flags.sampled:
            links[parent] = Link(span)
            if len(links) == cap:
                break
    return list(links.values())


def _resource(*, service: str, process: str) -> Resource:
    return Resource.create(
        {
            "service.name": f"{SERVICE_PREFIX}{service}",
            "service.namespace": "rencontres",
            "service.version": otlp.version(),
            "service.instance.id": str(uuid4()),
            "process.pid": os.getpid(),
            PROCESS: process,
        }
    )
