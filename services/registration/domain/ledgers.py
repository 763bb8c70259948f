"""The ledger of a room: how many seats are allowed, taken and waited for, and until when.

Invariant: 0 <= taken <= allowed, always. Whoever changes a ledger holds the lock of the meetup's row, which is that of all its rooms.
"""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from services.registration.domain.meetups import MeetupStatus
from services.registration.domain.refusals import CapacityBelowTaken
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


def resize(ledger: Ledger, *, capacity: int, overbooking_percent: int) -> Ledger:
    """Change how many seats there are. `promote` comes next.

    Raises:
        CapacityBelowTaken: fewer would be allowed than are taken.
    """
    resized = replace(ledger, capacity=capacity, overbooking_percent=overbooking_percent)
    if resized.free < 0:
        raise CapacityBelowTaken(f"{ledger.taken} seats are taken, {resized.allowed} would be allowed")
    return resized
