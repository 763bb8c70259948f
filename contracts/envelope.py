"""CloudEvents 1.0 over NATS in binary mode: attributes as `ce-*` headers, the data alone as the JSON body.

Binary mode came to the binding after its release 1.0.2, with NATS headers:
https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/nats-protocol-binding.md
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from urllib.parse import quote, unquote
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from contracts.catalogue import BY_FAMILY, EventType
from contracts.fact import CODE_PATTERN, Fact, Instant
from contracts.subjects import Topology
from contracts.upcasters import upcast

SPEC_VERSION = "1.0"
MESSAGE_ID = "Nats-Msg-Id"
REFERENCE_HEADER = "ce-reference"
TRACE_HEADERS = ("traceparent", "tracestate")
SCHEMA_ROOT = "https://rencontres.example/contracts/schemas"
_TYPE = re.compile(r"(?P<family>[a-z_]+(?:\.[a-z_]+)+)\.v(?P<major>[1-9][0-9]{0,3})")
_CODE = re.compile(CODE_PATTERN)
_UNESCAPED = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


class PoisonEvent(Exception):
    """An event that no retry can make readable; it goes to the dead letters with `reason`.

    The message says where and why, never what stood there: it is logged and shown, and broken input may hold anything.
    """

    reason = "poison"


class BadEnvelope(PoisonEvent):
    """A required CloudEvents attribute is missing or malformed."""

    reason = "bad-envelope"


class UnknownType(PoisonEvent):
    """The type is none of the catalogue's."""

    reason = "unknown-type"


class UnknownMajor(PoisonEvent):
    """The type is known, but this major is newer than this program."""

    reason = "unknown-major"


class BadData(PoisonEvent):
    """The body is not JSON, or breaks the schema of its type."""

    reason = "bad-schema"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `id` is a UUIDv7 and the same everywhere: event log, `Nats-Msg-Id`, inbox."""

    id: UUID
    type: EventType
    source: str
    aggregate_id: UUID
    territory: str
    time: datetime
    data: Fact
    trace: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """An event as it is put on the wire and into the outbox."""

    id: UUID
    subject: str
    headers: dict[str, str]
    body: bytes


def encode(event: Event, topology: Topology) -> Message:
    """Write an event for the wire.

    Raises:
        ValueError: the territory is no code, or the time has no offset.
    """
    kind, territory = event.type, event.territory
    if not _CODE.fullmatch(territory):
        raise ValueError(f"a territory is a code, not {territory!r}")
    headers = {
        MESSAGE_ID: str(event.id),
        "ce-specversion": SPEC_VERSION,
        "ce-id": str(event.id),
        "ce-source": _escaped(event.source),
        "ce-type": kind.name,
        "ce-subject": str(event.aggregate_id),
        "ce-time": _INSTANT.validate_python(event.time).isoformat().replace("+00:00", "Z"),
        "ce-datacontenttype": "application/json",
        "ce-dataschema": f"{SCHEMA_ROOT}/{kind.name}.json",
        "ce-territory": territory,
        "content-type": "application/json",  # no attribute; what tools that know no CloudEvents look at
        **{name: event.trace[name] for name in TRACE_HEADERS if name in event.trace},
    }
    # An extension attribute: relay and operators find a registration's messages without opening a body.
    if reference := getattr(event.data, "reference", None):
        headers[REFERENCE_HEADER] = reference
    subject = topology.event(
        aggregate=kind.aggregate, fact=kind.fact, territory=territory, aggregate_id=event.aggregate_id
    )
    return Message(event.id, subject, headers, event.data.model_dump_json(exclude_none=True).encode())


@cache
def _escaped(source: str) -> str:
    return quote(source, safe=_UNESCAPED)


def decode(headers: Mapping[str, str] | None, body: bytes) -> Event:
    """Read an event from the wire, whatever its (known) major.

    Raises:
        PoisonEvent: one of its four kinds; nothing else, whatever the bytes.
    """
    attributes = _attributes(headers or {})
    if attributes.get("ce-specversion") != SPEC_VERSION:
        raise BadEnvelope(f"ce-specversion is not {SPEC_VERSION}")
    kind, major = _type_of(_required(attributes, "ce-type"))
    return Event(
        id=_uuid(attributes, "ce-id"),
        type=kind,
        source=_required(attributes, "ce-source"),
        aggregate_id=_uuid(attributes, "ce-subject"),
        territory=_code(attributes, "ce-territory"),
        time=_instant(attributes, "ce-time"),
        data=_data_of(kind, major, body),
        trace={name: attributes[name] for name in TRACE_HEADERS if name in attributes},
    )


def _attributes(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Header names are case-insensitive; ours are lower-case already, so others pay for the folding."""
    return headers if "ce-specversion" in headers else {name.lower(): value for name, value in headers.items()}


def _required(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if not value:
        raise BadEnvelope(f"{name} is missing")
    if "%" not in value:
        return value
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        raise BadEnvelope(f"{name} is not percent-encoded UTF-8") from None


def _uuid(headers: Mapping[str, str], name: str) -> UUID:
    try:
        return UUID(_required(headers, name))
    except ValueError:
        raise BadEnvelope(f"{name} is not a UUID") from None


def _code(headers: Mapping[str, str], name: str) -> str:
    value = _required(headers, name)
    if not _CODE.fullmatch(value):
        raise BadEnvelope(f"{name} is not a code")
    return value


def _instant(headers: Mapping[str, str], name: str) -> datetime:
    try:
        return _INSTANT.validate_strings(_required(headers, name))
    except ValidationError:
        raise BadEnvelope(f"{name} is not an instant with an offset") from None


def _type_of(name: str) -> tuple[EventType, int]:
    match = _TYPE.fullmatch(name)
    kind = BY_FAMILY.get(match["family"]) if match else None
    if match is None or kind is None:
        raise UnknownType("ce-type is none of the catalogue's")
    major = int(match["major"])
    if major > kind.major:
        raise UnknownMajor(f"the major is newer than {kind.name}, the newest this program reads")
    return kind, major


def _data_of(kind: EventType, major: int, body: bytes) -> Fact:
    try:
        if major < kind.major:
            body = _upcast(body, kind, major)
        return kind.data.model_validate_json(body, strict=True, extra="ignore")
    except ValidationError as error:
        raise BadData(_without_input(error)) from None


def _upcast(body: bytes, kind: EventType, major: int) -> bytes:
    try:
        data = upcast(json.loads(body), family=kind.family, major=major, current=kind.major)
        return json.dumps(data).encode()
    # An upcaster meets whatever was once written, or was never written by us; RecursionError: JSON nested without end.
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise BadData(f"v{major} could not be upcast: {type(error).__name__}") from None


def _without_input(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, line['loc'])) or 'body'}: {line['type']}" for line in error.errors(include_input=False)
    )
