"""Admission of requests that came together: seats and waiting places in arrival order, with duplicates and repeated keys among them."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from services.registration.domain.ledgers import Deadlines, Ledger
from services.registration.domain.refusals import (
    InvitationRefused,
    KeyReused,
    NoSuchRoom,
    Refusal,
    RegistrationClosed,
)
from services.registration.domain.registrations import Mode


@dataclass(frozen=True, slots=True)
class SeatRequest:
    """Somebody asks for a seat. `fingerprint` stands for the body: the same key may come again with the same one only.

    Without `mode`, it is for the only room there is, or on site. `refused` is what the terms of the meetup say no to (`terms.met`),
    `invitation` the one by which it opens.
    """

    person_id: UUID
    key: str
    fingerprint: bytes
    mode: Mode | None = None
    refused: Refusal | None = None
    invitation: UUID | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A key that was answered before, and how."""

    fingerprint: bytes
    response: str


@dataclass(frozen=True, slots=True)
class Held:
    """A seat, to be confirmed before `expires_at`."""

    mode: Mode
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Waitlisted:
    """No seat was free: a number that keeps the order for ever, and the rank among those who wait now.

    Without rank, an organiser has to say yes first.
    """

    mode: Mode
    number: int
    position: int | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """The key was answered before: the same answer again, nothing new."""

    response: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """The key came twice in this very batch: the answer of the request at `index`, nothing new."""

    index: int


@dataclass(frozen=True, slots=True)
class Decoy:
    """The person is registered already: nothing new, and an answer that looks as a newcomer's would at this moment."""

    looks: Held | Waitlisted


Decision: TypeAlias = Held | Waitlisted | Decoy | Replayed | Repeated | Refusal


def admit(
    rooms: Mapping[Mode, Ledger],
    requests: Sequence[SeatRequest],
    *,
    registered: AbstractSet[UUID],
    answered: Mapping[str, Answered],
    deadlines: Deadlines,
    now: datetime,
    uses_left: Mapping[UUID, int] = MappingProxyType({}),
) -> tuple[dict[Mode, Ledger], list[Decision]]:
    """Decide each request in order and return the ledgers after them all.

    A free seat is given only while nobody waits: whoever came first and is on the waiting list comes first. Where organisers approve,
    every request gets a number and waits for their word.

    Args:
        rooms: the seats of one meetup, under its lock.
        requests: in order of arrival, all for this meetup.
        registered: persons who have an active registration for it.
        answered: what its idempotency keys were answered, as far as `requests` use them.
        deadlines: how long a seat is held.
        now: the moment of all these decisions.
        uses_left: how many more registrations an invitation opens, where that is limited.
    """
    desks = {mode: _Desk(ledger, deadlines=deadlines, now=now) for mode, ledger in rooms.items()}
    usual: Mode = "onsite" if "onsite" in rooms else "online"
    entrance = _Entrance(
        desks, usual, open_=rooms[usual].accepts(now=now), people=registered, answered=answered, uses_left=uses_left
    )
    decisions = [entrance.decide(request, index=index) for index, request in enumerate(requests)]
    return {mode: desk.ledger() for mode, desk in desks.items()}, decisions


class _Entrance:
    """All rooms of a meetup while a batch is decided, with who has come and which keys were answered so far."""

    def __init__(
        self,
        desks: "Mapping[Mode, _Desk]",
        usual: Mode,
        *,
        open_: bool,
        people: AbstractSet[UUID],
        answered: Mapping[str, Answered],
        uses_left: Mapping[UUID, int],
    ) -> None:
        self._desks, self._usual, self._open = desks, usual, open_
        self._people, self._uses_left = set(people), dict(uses_left)
        self._answers: dict[str, tuple[bytes, Replayed | Repeated]] = {
            key: (answer.fingerprint, Replayed(answer.response)) for key, answer in answered.items()
        }

    def decide(self, request: SeatRequest, *, index: int) -> Decision:
        """Answer the request that came as number `index`; a refusal leaves its key free."""
        if request.key in self._answers:
            fingerprint, again = self._answers[request.key]
            return again if fingerprint == request.fingerprint else KeyReused()
        desk = self._desk(request)
        if isinstance(desk, Refusal):
            return desk
        self._answers[request.key] = (request.fingerprint, Repeated(index))
        if request.person_id in self._people:
            return Decoy(desk.pretend())
        self._people.add(request.person_id)
        if request.invitation in self._uses_left:
            self._uses_left[request.invitation] -= 1
        return desk.give()

    def _desk(self, request: SeatRequest) -> "_Desk | Refusal":
        """Where it is served, or why it is not."""
        if not self._open:
            return RegistrationClosed()
        if (desk := self._desks.get(request.mode or self._usual)) is None:
            return NoSuchRoom()
        if request.refused is not None:
            return request.refused
        if request.invitation is not None and self._uses_left.get(request.invitation, 1) < 1:
            return InvitationRefused()
        return desk


class _Desk:
    """The seats of one room while a batch is decided: counters are added up here, and written into the ledger once."""

    __slots__ = ("_before", "_decoys_held", "_decoys_waiting", "_held", "_number", "_taken", "_waiting")

    def __init__(self, before: Ledger, *, deadlines: Deadlines, now: datetime) -> None:
        self._before = before
        self._held = Held(before.mode, before.until(deadlines.hold, now=now))
        self._taken, self._waiting, self._number = before.taken, before.waiting, before.next_number
        self._decoys_held, self._decoys_waiting = before.decoys_held, before.decoys_waiting

    def give(self) -> Held | Waitlisted:
        """Give the next request what is left: a seat, or the next number."""
        given = self._next()
        if isinstance(given, Held):
            self._taken += 1
        else:
            self._number += 1
            self._waiting += given.position is not None
        return given

    def pretend(self) -> Held | Waitlisted:
        """Show what the next request would be given, and keep it; only what is shown afterwards is as if it had been given."""
        shown = self._next()
        if isinstance(shown, Held):
            self._decoys_held += 1
        else:
            self._number += 1
            self._decoys_waiting += shown.position is not None
        return shown

    def _next(self) -> Held | Waitlisted:
        before = self._before
        if before.approval:
            return Waitlisted(before.mode, self._number, None)
        if self._taken < before.allowed and not self._waiting:
            return self._held
        return Waitlisted(before.mode, self._number, self._waiting + self._decoys_waiting + 1)

    def ledger(self) -> Ledger:
        """Return the seats as they are now."""
        return replace(
            self._before,
            taken=self._taken,
            waiting=self._waiting,
            next_number=self._number,
            decoys_held=self._decoys_held,
            decoys_waiting=self._decoys_waiting,
        )
