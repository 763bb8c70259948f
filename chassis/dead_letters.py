"""Where an event goes that a consumer cannot take: kept whole, with the reason and where it came from, until an operator sends it back.

It goes back to the one consumer that refused it, on that consumer's own retry subject, never to the stream that everybody reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg
from nats.js.errors import NotFoundError

from chassis.telemetry import DEAD_LETTERS
from contracts.catalogue import BY_FAMILY
from contracts.envelope import MESSAGE_ID
from contracts.subjects import Topology

UNKNOWN = "unknown"
PUBLISH_TIMEOUT = 5.0

_REASON = "Rencontres-Reason"
_DETAIL = "Rencontres-Detail"
_CONSUMER = "Rencontres-Consumer"
_STREAM = "Rencontres-Origin-Stream"
_SUBJECT = "Rencontres-Origin-Subject"
_SEQUENCE = "Rencontres-Origin-Sequence"
_DELIVERIES = "Rencontres-Deliveries"
_BURIED_AT = "Rencontres-Buried-At"
_OWN = (_REASON, _DETAIL, _CONSUMER, _STREAM, _SUBJECT, _SEQUENCE, _DELIVERIES, _BURIED_AT)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One event that a consumer refused. `number` names it in the operator's commands."""

    number: int
    consumer: str
    reason: str
    detail: str
    type: str
    event_id: str
    origin_stream: str
    origin_subject: str
    origin_sequence: int
    deliveries: int
    buried_at: str
    traceparent: str
    headers: Mapping[str, str]
    body: bytes


class NoSuchDeadLetter(LookupError):
    """Raised when no dead letter has this number: it was sent back already, or grew too old."""


async def bury(
    js: JetStreamContext, topology: Topology, message: Msg, *, consumer: str, reason: str, detail: str
) -> None:
    """Store a message as a dead letter. Returns once the broker has it; raises when it does not, and then nothing may be acknowledged."""
    origin = message.metadata
    headers = dict(message.headers or {})
    event_type = headers.get("ce-type", "")
    family = event_type.rpartition(".v")[0]
    headers |= {
        MESSAGE_ID: _id(message, consumer),
        _REASON: reason,
        _DETAIL: _one_line(detail),
        _CONSUMER: consumer,
        _STREAM: origin.stream,
        _SUBJECT: message.subject,
        _SEQUENCE: str(origin.sequence.stream),
        _DELIVERIES: str(origin.num_delivered),
        _BURIED_AT: datetime.now(UTC).isoformat(),
    }
    await js.publish(
        topology.dead_letter(consumer, family if family in BY_FAMILY else UNKNOWN),
        message.data,
        timeout=PUBLISH_TIMEOUT,
        stream=topology.dead_letters_stream,
        headers=headers,
    )


async def list_all(js: JetStreamContext, topology: Topology, *, limit: int = 1000) -> list[DeadLetter]:
    """Return the dead letters, oldest first, `limit` at most."""
    info = await js.stream_info(topology.dead_letters_stream)
    letters: list[DeadLetter] = []
    number = info.state.first_seq
    while number <= info.state.last_seq and len(letters) < limit:
        try:
            message = await js.get_msg(
                topology.dead_letters_stream, seq=number, next=True, subject=topology.all_dead_letters
            )
        except NotFoundError:
            break
        letters.append(_letter(message))
        number = letters[-1].number + 1
    return letters


async def show(js: JetStreamContext, topology: Topology, number: int) -> DeadLetter:
    """Return one dead letter. Raises NoSuchDeadLetter."""
    try:
        return _letter(await js.get_msg(topology.dead_letters_stream, seq=number))
    except NotFoundError:
        raise NoSuchDeadLetter(f"there is no dead letter {number}") from None


async def replay(js: JetStreamContext, topology: Topology, number: int) -> DeadLetter:
    """Send a dead letter back to its consumer and take it off the list. If it fails again it comes back under a new number.

    Raises NoSuchDeadLetter.
    """
    letter = await show(js, topology, number)
    headers = {name: value for name, value in letter.headers.items() if name not in _OWN}
    headers[MESSAGE_ID] = f"{letter.event_id or letter.consumer}.retry.{number}"
    await js.publish(
        topology.retry(letter.consumer),
        letter.body,
        timeout=PUBLISH_TIMEOUT,
        stream=topology.retries_stream,
        headers=headers,
    )
    await js.delete_msg(topology.dead_letters_stream, number)
    return letter


async def report_counts(js: JetStreamContext, topology: Topology, consumer: str) -> int:
    """Set the gauge of one consumer's dead letters and return their number."""
    info = await js.stream_info(topology.dead_letters_stream, subjects_filter=topology.dead_letter(consumer, ">"))
    count = sum((info.state.subjects or {}).values())
    DEAD_LETTERS.set(count, consumer=consumer)
    return count


def _id(message: Msg, consumer: str) -> str:
    """Burying a message twice keeps one letter. A rebuilt stream counts from 1 again: only the time of storing tells its messages apart."""
    origin = message.metadata
    return f"dead.{consumer}.{origin.stream}.{origin.sequence.stream}.{origin.timestamp.isoformat()}"


def _letter(message: RawStreamMsg) -> DeadLetter:
    headers = message.headers or {}
    return DeadLetter(
        number=message.seq or 0,
        consumer=headers.get(_CONSUMER, UNKNOWN),
        reason=headers.get(_REASON, UNKNOWN),
        detail=headers.get(_DETAIL, ""),
        type=headers.get("ce-type", UNKNOWN),
        event_id=headers.get("ce-id", ""),
        origin_stream=headers.get(_STREAM, ""),
        origin_subject=headers.get(_SUBJECT, ""),
        origin_sequence=int(headers.get(_SEQUENCE, "0")),
        deliveries=int(headers.get(_DELIVERIES, "0")),
        buried_at=headers.get(_BURIED_AT, ""),
        traceparent=headers.get("traceparent", ""),
        headers=headers,
        body=message.data or b"",
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]
