"""OTLP/HTTP bodies, protobuf or JSON, to spans. Knows the format, not the transport.

OTLP's JSON differs from protobuf's own in one point: ids are hexadecimal instead of base64.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from google.protobuf.json_format import ParseDict, ParseError  # type: ignore[import-untyped]
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1 import trace_pb2

from chassis.telemetry import PROCESS, REFERENCE, REFERENCES, SERVICE_PREFIX
from local.console.spans import Emitter, Span, SpanKey, attributes_of

_REFERENCE_BYTES = REFERENCE.encode()  # also the beginning of the plural


class MalformedTelemetry(Exception):
    """The body is not what its content type says. The sender gets 400 and must not send it again."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Spans that can be shown, and how many could not: no usable id."""

    spans: list[Span]
    rejected: int


def decode_protobuf(body: bytes) -> Decoded:
    """Read an `ExportTraceServiceRequest`."""
    try:
        request = ExportTraceServiceRequest.FromString(body)
    except DecodeError as error:
        raise MalformedTelemetry("not an ExportTraceServiceRequest in protobuf") from error
    return _decode(request)


def decode_json(body: bytes) -> Decoded:
    """Read the JSON mapping of the same."""
    try:
        document = json.loads(body)
        for resource in document.get("resourceSpans", []):
            for scope in resource.get("scopeSpans", []):
                for span in scope.get("spans", []):
                    _ids_to_base64(span)
        request = ParseDict(document, ExportTraceServiceRequest(), ignore_unknown_fields=True)
    except (ValueError, TypeError, AttributeError, RecursionError, ParseError) as error:
        raise MalformedTelemetry("not an ExportTraceServiceRequest in JSON") from error
    return _decode(request)


def _ids_to_base64(span: dict[str, object]) -> None:
    for holder in (span, *_links_of(span)):
        for key in ("traceId", "spanId", "parentSpanId"):
            value = holder.get(key)
            if isinstance(value, str):
                holder[key] = base64.b64encode(binascii.unhexlify(value)).decode()


def _links_of(span: dict[str, object]) -> list[dict[str, object]]:
    links = span.get("links")
    return [link for link in links if isinstance(link, dict)] if isinstance(links, list) else []


def _decode(request: ExportTraceServiceRequest) -> Decoded:
    spans: list[Span] = []
    rejected = 0
    for resource_spans in request.resource_spans:
        emitter = _emitter(resource_spans.resource.SerializeToString())
        for scope_spans in resource_spans.scope_spans:
            for message in scope_spans.spans:
                if len(message.trace_id) == 16 and len(message.span_id) == 8:
                    spans.append(_span(message, emitter=emitter))
                else:
                    rejected += 1
    return Decoded(spans, rejected)


def _span(message: trace_pb2.Span, *, emitter: Emitter) -> Span:
    wire = message.SerializeToString()
    reference, references = _references(message.attributes) if _REFERENCE_BYTES in wire else ("", ())
    start = message.start_time_unix_nano
    return Span(
        trace_id=message.trace_id.hex(),
        span_id=message.span_id.hex(),
        parent_id=message.parent_span_id.hex(),
        name=message.name,
        kind=message.kind,
        start=start,
        end=max(start, message.end_time_unix_nano),
        failed=message.status.code == trace_pb2.Status.STATUS_CODE_ERROR,
        emitter=emitter,
        links=tuple(SpanKey(link.trace_id.hex(), link.span_id.hex()) for link in message.links),
        reference=reference,
        references=references,
        wire=wire,
    )


def _references(attributes: Iterable[KeyValue]) -> tuple[str, tuple[str, ...]]:
    one, many = "", ()
    for pair in attributes:
        if pair.key == REFERENCE and pair.value.string_value:
            one = pair.value.string_value
        elif pair.key in (REFERENCE, REFERENCES):  # a step that turned out to be about several may say so under either
            many = tuple(value.string_value for value in pair.value.array_value.values)
    return one, many


@lru_cache(maxsize=256)
def _emitter(wire: bytes) -> Emitter:
    """One object for all spans of a process: a resource is sent again with every batch."""
    attributes = attributes_of(Resource.FromString(wire).attributes)
    service = str(attributes.get("service.name", "unknown")).removeprefix(SERVICE_PREFIX)
    return Emitter(service=service, process=str(attributes.get(PROCESS, "")))
