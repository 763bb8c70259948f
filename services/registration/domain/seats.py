"""The ledger of a room's seats: how many are allowed, taken and waited for, and the one path on which a released seat moves on.

Invariant: 0 <= taken <= allowed, always. Whoever changes a ledger holds the lock of the meetup's row, which is that of all its rooms.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from contracts.registration import CancelledBy
from services.registration.domain.meetups import MeetupStatus
from services.registration.domain.refusals import (
    CapacityBelowTaken,
    MeetupOver,
    NoOfferToDecline,
    NoSeatThere,
    NotToHandOver,
    OrganisersChoose,
    RegistrationCancelled,
    RegistrationExpired,
)
from services.registration.domain.registrations import Mode, Registration, Room
from services.registration.domain.working_hours import offer_end


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long a seat waits for its person. Never beyond the meetup's start, whatever these say."""

    hold: timedelta = timedelta(hours=48)
    offer: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The seats of one room. `waiting` counts those waiting now; `next_number` never goes back, so it keeps arrival order.

    `filled` says that the last allowed seat was taken once before, `approval` that organisers say yes before anybody gets a place.
    `decoys_held` and `decoys_waiting` only seem taken and only seem to wait (`domain.decoys`).
    """

    meetup_id: UUID
    mode: Mode
    territory: str
    status: MeetupStatus
    timezone: str
    starts_at: datetime
    closes_at: datetime
    capacity: int
    overbooking_percent: int
    taken: int = 0
    waiting: int = 0
    next_number: int = 1
    filled: bool = False
    approval: bool = False
    decoys_held: int = 0
    decoys_waiting: int = 0

    @property
    def room(self) -> Room:
        """Which seats these are."""
        return Room(self.meetup_id, self.mode)

    @property
    def allowed(self) -> int:
        """Capacity with overbooking, rounded down."""
        return seats_allowed(capacity=self.capacity, overbooking_percent=self.overbooking_percent)

    @property
    def free(self) -> int:
        """Seats that may still be given."""
        return self.allowed - self.taken

    @property
    def announced(self) -> int:
        """Free seats as visitors are told: none while somebody waits, and no more than the capacity (overbooking is for organisers)."""
        return 0 if self.announced_waiting else max(0, min(self.free - self.decoys_held, self.capacity))

    @property
    def announced_waiting(self) -> int:
        """How many wait, as visitors are told."""
        return self.waiting + self.decoys_waiting

    def accepts(self, *, now: datetime) -> bool:
        """Whether anybody may register: published, not cancelled, not closed, not begun."""
        return self.coming(now=now) and now < self.closes_at

    def coming(self, *, now: datetime) -> bool:
        """Whether a seat may still be offered or change hands: until it begins, also once registration has closed."""
        return self.status == "published" and now < self.starts_at

    def until(self, span: timedelta, *, now: datetime) -> datetime:
        """Return the end of a hold that begins now."""
        return min(now + span, self.starts_at)

    def offered_until(self, deadlines: Deadlines, *, days_off: Container[date], now: datetime) -> datetime:
        """Return the end of an offer that is made now."""
        return offer_end(now, span=deadlines.offer, timezone=self.timezone, days_off=days_off, starts_at=self.starts_at)

    def without(self, registration: Registration) -> "Ledger":
        """Take the seat or the waiting place of an active registration back."""
        if registration.seated:
            return replace(self, taken=self.taken - 1)
        return replace(self, waiting=self.waiting - 1) if registration.in_line else self


def seats_allowed(*, capacity: int, overbooking_percent: int) -> int:
    """Return how many seats may be given: 120 with 15 % of overbooking allow 138."""
    return capacity * (100 + overbooking_percent) // 100


def filled_first(before: Ledger, after: Ledger) -> bool:
    """Whether the last allowed seat was taken just now, for the first time."""
    return not before.filled and after.taken > before.taken and after.free == 0


def confirm(ledger: Ledger, registration: Registration, *, now: datetime) -> Registration:
    """Make a held or offered seat theirs. Once confirmed, returns itself.

    Raises:
        RegistrationExpired: also once it has begun, for a meetup that was moved earlier leaves holds that end after its start.
        RegistrationCancelled, NoSeatToConfirm.
    """
    if registration.status in {"held", "offered"} and ledger.starts_at <= now:
        raise RegistrationExpired
    return registration.confirm(now=now)


def cancel(
    ledger: Ledger, registration: Registration, *, by: CancelledBy, now: datetime
) -> tuple[Ledger, Registration]:
    """Cancel one registration; its seat goes back once, however often this is called. `promote` comes next.

    Raises:
        RegistrationExpired: its seat has gone back already.
        MeetupOver: it has begun; whoever did not come is a no-show, and that is counted.
    """
    if by == "attendee" and registration.active and ledger.starts_at <= now:
        raise MeetupOver
    cancelled = registration.cancel(by=by, now=now)
    return (ledger, registration) if cancelled is registration else (ledger.without(registration), cancelled)


def decline(ledger: Ledger, registration: Registration, *, now: datetime) -> tuple[Ledger, Registration]:
    """Say no to an offered seat. `promote` comes next.

    Raises:
        NoOfferToDecline: it was not offered, or has been accepted.
        RegistrationExpired, MeetupOver: as in `cancel`.
    """
    if registration.status not in {"offered", "cancelled", "expired"}:
        raise NoOfferToDecline
    return cancel(ledger, registration, by="attendee", now=now)


def change_mode(
    here: Ledger, there: Ledger, registration: Registration, *, now: datetime
) -> tuple[Ledger, Ledger, Registration]:
    """Move somebody to the other room if a seat is free there and nobody waits for it. `promote` comes next, for the seat left behind.

    Raises:
        NoSeatThere: there is none; everything stays as it is.
        MeetupOver, RegistrationExpired, RegistrationCancelled.
    """
    _still_theirs(here, registration, now=now)
    if registration.approval == "pending":
        moved = registration.move(there.mode, number=there.next_number, now=now)
        return here, replace(there, next_number=there.next_number + 1), moved
    if there.free < 1 or there.waiting:
        raise NoSeatThere
    moved = registration.move(there.mode, number=None, now=now)
    return here.without(registration), replace(there, taken=there.taken + 1), moved


def give(ledger: Ledger, registration: Registration, *, now: datetime) -> tuple[Ledger, Registration]:
    """Let somebody give their confirmed seat away; whoever gets it is `taken` into the ledger next, or the line is promoted.

    Raises:
        NotToHandOver: it is not confirmed yet.
        OrganisersChoose: the meetup's organisers approve everybody.
        MeetupOver, RegistrationExpired, RegistrationCancelled.
    """
    _still_theirs(ledger, registration, now=now)
    if registration.status != "confirmed":
        raise NotToHandOver
    if ledger.approval:
        raise OrganisersChoose
    return cancel(ledger, registration, by="attendee", now=now)


def take_over(
    ledger: Ledger, registration: Registration, *, until: datetime, now: datetime
) -> tuple[Ledger, Registration]:
    """Offer a seat that was given away to whoever it was given to, who waits here, in the other room or for a word.

    Their place there was taken back (`Ledger.without`). Out of the other room they come with the next number of this one.
    """
    number, ledger = registration.waiting_number, replace(ledger, taken=ledger.taken + 1)
    if registration.mode != ledger.mode:
        number, ledger = ledger.next_number, replace(ledger, next_number=ledger.next_number + 1)
    return ledger, registration.take_over(ledger.mode, number=number, until=until, now=now)


def _still_theirs(ledger: Ledger, registration: Registration, *, now: datetime) -> None:
    if registration.status == "cancelled":
        raise RegistrationCancelled
    if registration.status == "expired" or registration.due(now=now):
        raise RegistrationExpired
    if not ledger.coming(now=now):
        raise MeetupOver


def expire(
    ledger: Ledger, registrations: Iterable[Registration], *, now: datetime
) -> tuple[Ledger, list[Registration]]:
    """Let holds and offers that ran out go and return those that changed. `promote` comes next."""
    gone = []
    for registration in registrations:
        expired = registration.expire(now=now)
        if expired is not registration:
            ledger = ledger.without(registration)
            gone.append(expired)
    return ledger, gone


def resize(ledger: Ledger, *, capacity: int, overbooking_percent: int) -> Ledger:
    """Change how many seats there are. `promote` comes next.

    Raises:
        CapacityBelowTaken: fewer would be allowed than are taken.
    """
    resized = replace(ledger, capacity=capacity, overbooking_percent=overbooking_percent)
    if resized.free < 0:
        raise CapacityBelowTaken(f"{ledger.taken} seats are taken, {resized.allowed} would be allowed")
    return resized


def promote(
    ledger: Ledger,
    line: Iterable[Registration],
    *,
    deadlines: Deadlines,
    days_off: Container[date] = (),
    now: datetime,
) -> tuple[Ledger, list[Registration]]:
    """Offer the free seats to the first in `line` (in waiting order): the only way a released seat is given.

    Capacity and time are checked here again, whatever released the seat: an offer after the start, or for a seat that a smaller
    capacity has swallowed, would be a seat too many (pretix issues 1238, 1031 and 681).
    """
    offered: list[Registration] = []
    if ledger.coming(now=now):
        until = ledger.offered_until(deadlines, days_off=days_off, now=now)
        for registration in line:
            if len(offered) >= ledger.free:
                break
            offered.append(registration.offer(until=until, now=now))
    moved = len(offered)
    return replace(ledger, taken=ledger.taken + moved, waiting=ledger.waiting - moved), offered
