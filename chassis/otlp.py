"""Spans and metrics out by OTLP/HTTP, when the standard variables name an endpoint.

A collector that is away is said once and never hurts: the queue is bounded, the SDK's own complaints are silenced.
"""

import logging
import os
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from threading import Thread

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics.export import (
    MetricExportResult,
    MetricReader,
    MetricsData,
    PeriodicExportingMetricReader,
)
from opentelemetry.sdk.trace import Event, ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.trace import Status

_log = logging.getLogger("chassis.telemetry")
_NOISY = (
    "opentelemetry.exporter.otlp",
    "opentelemetry.sdk._shared_internal",
    "opentelemetry.sdk.metrics._internal.export",
)
_QUEUE = 8192  # at a few hundred bytes a span, some megabytes at most when the collector is away
_SPAN_DELAY_MS = 500  # a trace shows while the person who caused it is still looking
_METRIC_INTERVAL_MS = 5000


def span_processor() -> SpanProcessor | None:
    """The way out for spans, or None when no endpoint is configured."""
    if not _wanted("TRACES"):
        return None
    _silence_the_sdk()
    delay = None if "OTEL_BSP_SCHEDULE_DELAY" in os.environ else _SPAN_DELAY_MS
    queue = None if "OTEL_BSP_MAX_QUEUE_SIZE" in os.environ else _QUEUE
    return DiscreetSpanProcessor(_QuietSpanExporter(), max_queue_size=queue, schedule_delay_millis=delay)


def metric_reader() -> MetricReader | None:
    """The way out for metrics, or None when no endpoint is configured."""
    if not _wanted("METRICS"):
        return None
    _silence_the_sdk()
    interval = None if "OTEL_METRIC_EXPORT_INTERVAL" in os.environ else _METRIC_INTERVAL_MS
    return PeriodicExportingMetricReader(_QuietMetricExporter(), export_interval_millis=interval)


def shut_down(spans: Sequence[SpanProcessor], readers: Sequence[MetricReader], *, within: float) -> None:
    """Flush and close all of them side by side; whatever is not done `within` seconds is left behind."""

    def bounded(close: Callable[[], None]) -> Thread:
        thread = Thread(target=close, daemon=True)
        thread.start()
        return thread

    threads = [bounded(span.shutdown) for span in spans] + [bounded(reader.shutdown) for reader in readers]
    deadline = time.monotonic() + within
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def version() -> str:
    """The version of this program, as installed."""
    try:
        return package_version("rencontres")
    except PackageNotFoundError:
        return "0+checkout"


class DiscreetSpanProcessor(BatchSpanProcessor):
    """Takes out of every span what an exception said: its type and its frames stay.

    The SDK records `str(exception)` by itself wherever a span is left by one, and a database error quotes the row.
    """

    def on_end(self, span: ReadableSpan) -> None:
        """Queue the span, made discreet."""
        super().on_end(discreet(span))


def discreet(span: ReadableSpan) -> ReadableSpan:
    """The span without exception messages."""
    if not span.events and not span.status.description:
        return span
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=span.attributes,
        events=[_discreet_event(event) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _discreet_event(event: Event) -> Event:
    if event.name != "exception" or event.attributes is None:
        return event
    kept = {key: value for key, value in event.attributes.items() if key != "exception.message"}
    kept["exception.stacktrace"] = _frames(str(kept.get("exception.stacktrace", "")).splitlines())
    return Event(event.name, kept, event.timestamp)


def _frames(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line.startswith('  File "'))


class _Availability:
    """Says once that the collector went away, and once that it is back."""

    def __init__(self, signal: str) -> None:
        self._signal = signal
        self._away = False

    def note(self, *, ok: bool) -> None:
        if ok and self._away:
            _log.info("The telemetry collector is back: %s are sent again.", self._signal)
        elif not ok and not self._away:
            _log.warning("The telemetry collector is away: %s are dropped until it is back.", self._signal)
        self._away = not ok


class _QuietSpanExporter(OTLPSpanExporter):
    def __init__(self) -> None:
        super().__init__()
        self._availability = _Availability("spans")

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = super().export(spans)
        self._availability.note(ok=result is SpanExportResult.SUCCESS)
        return result


class _QuietMetricExporter(OTLPMetricExporter):
    def __init__(self) -> None:
        super().__init__()
        self._availability = _Availability("metrics")

    def export(self, metrics_data: MetricsData, timeout_millis: float | None = None, **_: object) -> MetricExportResult:
        result = super().export(metrics_data, timeout_millis)
        self._availability.note(ok=result is MetricExportResult.SUCCESS)
        return result


def _wanted(signal: str) -> bool:
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or os.environ.get(f"OTEL_{signal}_EXPORTER") == "none":
        return False
    return any(os.environ.get(f"OTEL_EXPORTER_OTLP_{part}ENDPOINT") for part in ("", f"{signal}_"))


def _silence_the_sdk() -> None:
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
