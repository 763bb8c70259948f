"""CloudEvents 1.0 over NATS in binary mode: attributes as `ce-*` headers, the data alone as the JSON body.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/nats-protocol-binding.md
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from pydantic import ValidationError

from contracts.catalogue import BY_FAMILY, EventType
from contracts.fact import Fact
from contracts.subjects import Topology
from contracts.upcasters import upcast

SPEC_VERSION = "1.0"
MESSAGE_ID = "Nats-Msg-Id"
TRACE_HEADERS = ("traceparent", "tracestate")
_TYPE = re.compile(r"^(?P<family>[a-z_]+(?:\.[a-z_]+)+)\.v(?P<major>[1-9][0-9]{0,3})$")
_SCHEMA_ROOT = "https://rencontres.example/contracts/schemas"


class PoisonEvent(Exception):
    """An event that no retry can make readable; it goes to the dead letters with `reason`."""

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
    """Write an event for the wire."""
    kind = event.type
    headers = {
        MESSAGE_ID: str(event.id),
        "ce-specversion": SPEC_VERSION,
        "ce-id": str(event.id),
        "ce-source": event.source,
        "ce-type": kind.name,
        "ce-subject": str(event.aggregate_id),
        "ce-time": event.time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "ce-dataschema": f"{_SCHEMA_ROOT}/{kind.name}.json",
        "ce-territory": event.territory,
        "content-type": "application/json",
        **event.trace,
    }
    subject = topology.event(
        aggregate=kind.aggregate, fact=kind.fact, territory=event.territory, aggregate_id=event.aggregate_id
    )
    return Message(event.id, subject, headers, event.data.model_dump_json(exclude_none=True).encode())


def decode(headers: Mapping[str, str] | None, body: bytes) -> Event:
    """Read an event from the wire, whatever its (known) major.

    Raises:
        PoisonEvent: one of its four kinds; nothing else, whatever the bytes.
    """
    headers = headers or {}
    if headers.get("ce-specversion") != SPEC_VERSION:
        raise BadEnvelope(f"ce-specversion is {headers.get('ce-specversion')!r}, expected {SPEC_VERSION!r}")
    kind, major = _type_of(_required(headers, "ce-type"))
    try:
        event_id, aggregate_id = UUID(_required(headers, "ce-id")), UUID(_required(headers, "ce-subject"))
        time = datetime.fromisoformat(_required(headers, "ce-time"))
    except ValueError as error:
        raise BadEnvelope(str(error)) from error
    if time.tzinfo is None:
        raise BadEnvelope("ce-time has no offset")
    return Event(
        id=event_id,
        type=kind,
        source=_required(headers, "ce-source"),
        aggregate_id=aggregate_id,
        territory=_required(headers, "ce-territory"),
        time=time,
        data=_data_of(kind, major, body),
        trace={name: headers[name] for name in TRACE_HEADERS if name in headers},
    )


def _required(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if not value:
        raise BadEnvelope(f"{name} is missing")
    return value


def _type_of(name: str) -> tuple[EventType, int]:
    match = _TYPE.match(name)
    kind = BY_FAMILY.get(match["family"]) if match else None
    if match is None or kind is None:
        raise UnknownType(f"no event type is called {name!r}")
    major = int(match["major"])
    if major > kind.major:
        raise UnknownMajor(f"{name} is newer than {kind.name}, the newest this program reads")
    return kind, major


def _data_of(kind: EventType, major: int, body: bytes) -> Fact:
    try:
        if major == kind.major:
            return kind.data.model_validate_json(body, extra="ignore")
        old = json.loads(body)
        new = upcast(old, family=kind.family, major=major, current=kind.major)
        return kind.data.model_validate(new, extra="ignore")
    except (ValidationError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadData(_without_input(error)) from error


def _without_input(error: Exception) -> str:
    """Say where and why, never what: a broken body may hold anything, and the reason is kept and shown."""
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['type']}" for e in error.errors(include_input=False)
        )
    return type(error).__name__
