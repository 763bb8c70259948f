"""A finished span as the console keeps it: what the indexes need is read at once, the rest stays as bytes until somebody looks."""

from dataclasses import dataclass
from enum import IntEnum

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1 import trace_pb2

Scalar = str | int | float | bool
AttributeValue = Scalar | list[Scalar]
Attributes = dict[str, AttributeValue]


class Kind(IntEnum):
    """SpanKind of OTLP."""

    UNSPECIFIED = 0
    INTERNAL = 1
    SERVER = 2
    CLIENT = 3
    PRODUCER = 4
    CONSUMER = 5


@dataclass(frozen=True, slots=True)
class SpanKey:
    """Hexadecimal, as in `traceparent`."""

    trace_id: str
    span_id: str


@dataclass(frozen=True, slots=True)
class Emitter:
    """Who made the span: `service.name`, and which of its processes where the service says so."""

    service: str
    process: str


@dataclass(slots=True)
class Span:
    """Times are nanoseconds since the epoch. Not frozen: building a frozen one costs three times as much, thousands of times a second."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: int
    start: int
    end: int
    failed: bool
    emitter: Emitter
    links: tuple[SpanKey, ...]
    reference: str
    references: tuple[str, ...]
    wire: bytes

    @property
    def duration(self) -> int:
        """Nanoseconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Happening:
    """An event recorded inside a span, an exception for instance."""

    name: str
    at: int
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Details:
    """What is decoded only for a span that is shown."""

    attributes: Attributes
    happenings: tuple[Happening, ...]
    status_message: str


def details(span: Span) -> Details:
    """Decode the rest of a span."""
    message = trace_pb2.Span.FromString(span.wire)
    return Details(
        attributes=attributes_of(message.attributes),
        happenings=tuple(Happening(e.name, e.time_unix_nano, attributes_of(e.attributes)) for e in message.events),
        status_message=message.status.message,
    )


def attributes_of(pairs: "list[KeyValue]") -> Attributes:
    """OTLP's key-value list as a plain dictionary."""
    return {pair.key: _plain(pair.value) for pair in pairs}


def _plain(value: AnyValue) -> AttributeValue:
    if value.WhichOneof("value") == "array_value":
        return [_scalar(item) for item in value.array_value.values]
    return _scalar(value)


def _scalar(value: AnyValue) -> Scalar:
    match value.WhichOneof("value"):
        case "string_value":
            return value.string_value
        case "int_value":
            return value.int_value
        case "bool_value":
            return value.bool_value
        case "double_value":
            return value.double_value
        case "bytes_value":
            return value.bytes_value.hex()
        case None:
            return ""
        case _:
            return str(value).strip()
