"""Admission of requests that came together: seats and waiting places in arrival order, with duplicates and repeated keys among them."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.registration.domain.refusals import AlreadyRegistered, KeyReused, RegistrationClosed
from services.registration.domain.seats import Deadlines, Ledger


@dataclass(frozen=True, slots=True)
class SeatRequest:
    """Somebody asks for a seat. `fingerprint` stands for the body: the same key may come again with the same one only."""

    person_id: UUID
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """A key that was answered before, and how."""

    fingerprint: bytes
    response: str


@dataclass(frozen=True, slots=True)
class Held:
    """A seat, to be confirmed before `expires_at`."""

    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Waitlisted:
    """No seat was free: a number that keeps the order for ever, and the rank among those who wait now."""

    number: int
    position: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """The key was answered before: the same answer again, nothing new."""

    response: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """The key came twice in this very batch: the answer of the request at `index`, nothing new."""

    index: int


Refused: TypeAlias = RegistrationClosed | AlreadyRegistered | KeyReused
Decision: TypeAlias = Held | Waitlisted | Replayed | Repeated | Refused


def admit(
    ledger: Ledger,
    requests: Sequence[SeatRequest],
    *,
    registered: AbstractSet[UUID],
    answered: Mapping[str, Answered],
    deadlines: Deadlines,
    now: datetime,
) -> tuple[Ledger, list[Decision]]:
    """Decide each request in order and return the ledger after them all.

    A free seat is given only while nobody waits: whoever came first and is on the waiting list comes first.

    Args:
        ledger: the seats, under their lock.
        requests: in order of arrival, all for this meetup.
        registered: persons who have an active registration for it.
        answered: what its idempotency keys were answered, as far as `requests` use them.
        deadlines: how long a seat is held.
        now: the moment of all these decisions.
    """
    closed = not ledger.accepts(now=now)
    held = Held(ledger.until(deadlines.hold, now=now))
    people = set(registered)
    keys: dict[str, tuple[bytes, Replayed | Repeated]] = {
        key: (answer.fingerprint, Replayed(answer.response)) for key, answer in answered.items()
    }
    taken, waiting, number = ledger.taken, ledger.waiting, ledger.next_number
    decisions: list[Decision] = []
    for index, request in enumerate(requests):
        decision: Decision
        if request.key in keys:
            fingerprint, repeat = keys[request.key]
            decision = repeat if fingerprint == request.fingerprint else KeyReused()
        elif closed:
            decision = RegistrationClosed()
        elif request.person_id in people:
            decision = AlreadyRegistered()
        else:
            if taken < ledger.allowed and not waiting:
                taken += 1
                decision = held
            else:
                waiting += 1
                decision = Waitlisted(number, waiting)
                number += 1
            people.add(request.person_id)
            keys[request.key] = (request.fingerprint, Repeated(index))
        decisions.append(decision)
    return replace(ledger, taken=taken, waiting=waiting, next_number=number), decisions
