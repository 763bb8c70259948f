"""Asks Jaeger for the traces of a registration (`/api/traces`, the API of its own pages) and hands them on as OTLP.

OTLP is what the console's receiver takes: a trace that was kept for months is told in the same words as one of a minute ago.
"""

import json
import time
from collections.abc import Iterator
from typing import Literal

import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue
from opentelemetry.proto.trace.v1 import trace_pb2
from pydantic import BaseModel, Field, ValidationError

from chassis.telemetry import REFERENCE, REFERENCES, SERVICE_PREFIX
from local.failure import Failure

SERVICES = tuple(f"{SERVICE_PREFIX}{service}" for service in ("registration", "notifications"))
"""A search names one service. Each trace of a registration begins in one of these."""

_DAYS = 90
_LIMIT = 100
_TIMEOUT = 10.0
_KINDS = {kind.removeprefix("SPAN_KIND_").lower(): number for kind, number in trace_pb2.Span.SpanKind.items()}


class JaegerAwayError(Failure):
    """Jaeger does not answer as Jaeger does: is it its address (`http://host:16686`), is the way to it open?"""


class _Tag(BaseModel):
    key: str
    type: Literal["string", "bool", "int64", "float64", "binary"] = "string"
    value: bool | int | float | str


class _Reference(BaseModel):
    kind: str = Field(alias="refType")
    trace_id: str = Field(alias="traceID")
    span_id: str = Field(alias="spanID")


class _Span(BaseModel):
    trace_id: str = Field(alias="traceID")
    span_id: str = Field(alias="spanID")
    name: str = Field(alias="operationName")
    references: list[_Reference] = []
    start: int = Field(alias="startTime", description="microseconds since the epoch")
    duration: int = Field(description="microseconds")
    tags: list[_Tag] = []
    process: str = Field(alias="processID")


class _Process(BaseModel):
    service: str = Field(alias="serviceName")
    tags: list[_Tag] = []


class _Trace(BaseModel):
    spans: list[_Span]
    processes: dict[str, _Process]


class _Answer(BaseModel):
    data: list[_Trace] | None = None


def ask(url: str, reference: str) -> ExportTraceServiceRequest:
    """All spans of the traces in which a span names this registration. Raises JaegerAwayError."""
    request = ExportTraceServiceRequest()
    with httpx.Client(base_url=url, timeout=_TIMEOUT) as http:
        for service in SERVICES:
            for trace in _search(http, service, reference):
                _add(request, trace)
    return request


def _search(http: httpx.Client, service: str, reference: str) -> list[_Trace]:
    now = time.time_ns() // 1_000
    wanted: dict[str, str | int] = {
        "service": service,
        "tags": json.dumps({REFERENCE: reference}),
        "start": now - _DAYS * 86_400_000_000,
        "end": now,
        "limit": _LIMIT,
    }
    try:
        answer = http.get("/api/traces", params=wanted)
        answer.raise_for_status()
        return _Answer.model_validate_json(answer.content).data or []
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise JaegerAwayError(f"no answer from Jaeger at {http.base_url}: {type(error).__name__}") from error
    except ValidationError as error:
        raise JaegerAwayError(f"what answers at {http.base_url} is not Jaeger") from error


def _add(request: ExportTraceServiceRequest, trace: _Trace) -> None:
    for span in trace.spans:
        process = trace.processes[span.process]
        resource = request.resource_spans.add()
        resource.resource.attributes.append(_attribute("service.name", process.service))
        resource.resource.attributes.extend(_attribute(tag.key, tag.value) for tag in process.tags)
        resource.scope_spans.add().spans.append(_span(span))


def _span(span: _Span) -> trace_pb2.Span:
    tags = {tag.key: tag.value for tag in span.tags}
    parent = next((one for one in span.references if one.kind == "CHILD_OF"), None)
    told = trace_pb2.Span(
        trace_id=_id(span.trace_id, 16),
        span_id=_id(span.span_id, 8),
        parent_span_id=_id(parent.span_id, 8) if parent else b"",
        name=span.name,
        kind=_KINDS.get(str(tags.get("span.kind", "internal")), trace_pb2.Span.SPAN_KIND_UNSPECIFIED),
        start_time_unix_nano=span.start * 1_000,
        end_time_unix_nano=(span.start + span.duration) * 1_000,
        attributes=_attributes(span.tags),
        links=[
            trace_pb2.Span.Link(trace_id=_id(one.trace_id, 16), span_id=_id(one.span_id, 8))
            for one in span.references
            if one is not parent
        ],
    )
    if tags.get("error") is True or tags.get("otel.status_code") == "ERROR":
        told.status.code = trace_pb2.Status.STATUS_CODE_ERROR
    return told


def _attributes(tags: list[_Tag]) -> Iterator[KeyValue]:
    for tag in tags:
        if tag.key not in ("span.kind", "error") and not tag.key.startswith(("otel.", "internal.")):
            yield _attribute(tag.key, tag.value)


def _attribute(key: str, value: bool | int | float | str) -> KeyValue:
    match value:
        case bool():
            return KeyValue(key=key, value=AnyValue(bool_value=value))
        case int():
            return KeyValue(key=key, value=AnyValue(int_value=value))
        case float():
            return KeyValue(key=key, value=AnyValue(double_value=value))
        case _ if key in (REFERENCE, REFERENCES) and value.startswith("["):  # Jaeger keeps a list as its JSON
            values = [AnyValue(string_value=str(one)) for one in json.loads(value)]
            return KeyValue(key=key, value=AnyValue(array_value=ArrayValue(values=values)))
        case _:
            return KeyValue(key=key, value=AnyValue(string_value=value))


def _id(text: str, length: int) -> bytes:
    """Older Jaegers leave out leading zeros."""
    return bytes.fromhex(text.zfill(2 * length))
