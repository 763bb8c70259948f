"""What notifications remember of meetups, organisations and registrations: copies carried by events, the highest version wins."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from contracts.fact import Locale
from contracts.meetup import MeetupState
from contracts.organisation import OrganisationState
from contracts.registration import RegistrationState, RegistrationStatus

TAKING_A_SEAT = frozenset[RegistrationStatus]({"held", "offered", "confirmed"})
ACTIVE = TAKING_A_SEAT | {"waitlisted"}

Mode = Literal["onsite", "online"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationCopy:
    """A registration as last heard of. `calendar_sequence` is the SEQUENCE of the last calendar message made for it, if any."""

    registration_id: UUID
    version: int
    meetup_id: UUID
    person_id: UUID
    status: RegistrationStatus
    locale: Locale
    reference: str
    calendar_sequence: int | None = None
    confirmed_at: datetime | None = None
    mode: Mode | None = None
    timezone: str | None = None
    awaiting_approval: bool = False
    calendar_changes: int = 0
    named_by: str | None = None

    @classmethod
    def of(cls, state: RegistrationState, *, known: "RegistrationCopy | None", calendar_sequence: int | None) -> Self:
        """Return the copy of a state; when it was confirmed stands in the event that did so, which later ones do not repeat."""
        was_confirmed = known is not None and known.status == "confirmed"
        first = state.changed_at if state.status == "confirmed" and not was_confirmed else None
        return cls(
            registration_id=state.registration_id,
            version=state.version,
            meetup_id=state.meetup_id,
            person_id=state.person_id,
            status=state.status,
            locale=state.locale,
            reference=state.reference,
            calendar_sequence=calendar_sequence,
            confirmed_at=first or (known.confirmed_at if known else None),
            mode=state.mode,
            timezone=state.timezone,
            awaiting_approval=bool(state.awaiting_approval),
            calendar_changes=state.calendar_changes or 0,
            named_by=state.named_by,
        )

    @property
    def is_active(self) -> bool:
        """Whether its attendee still hopes to come."""
        return self.status in ACTIVE

    def attends_otherwise(self, known: "RegistrationCopy") -> bool:
        """Whether its attendee went over from the room to the screen, or back; not that a meetup began to tell the two apart."""
        return None not in (self.mode, known.mode) and self.mode != known.mode

    @property
    def is_waiting(self) -> bool:
        """Whether it stands in the line; a request that no organiser has approved does not."""
        return self.status == "waitlisted" and not self.awaiting_approval


def attends_online(mode: Mode | None, meetup: MeetupState) -> bool:
    """Whether somebody takes part from afar: what their registration says counts, and the meetup where it says nothing."""
    return (mode or meetup.attendance_mode) == "online"


@dataclass(frozen=True, slots=True)
class MeetupCopy:
    """A meetup as last heard of. `scheduled_at` says when its present start was announced."""

    state: MeetupState
    scheduled_at: datetime

    @classmethod
    def of(cls, state: MeetupState, *, known: "MeetupCopy | None") -> Self:
        """Return the copy of a state."""
        if known is not None and known.state.starts_at == state.starts_at:
            return cls(state, known.scheduled_at)
        return cls(state, state.changed_at)


@dataclass(frozen=True, slots=True)
class Standing:
    """How full a meetup is, counted from the registrations heard of."""

    taken: int = 0
    waiting: int = 0

    def moved(self, old: RegistrationCopy | None, new: RegistrationCopy) -> "Standing":
        """Return the standing after one registration went from `old` (None: it is new) to `new`."""
        return Standing(self.taken + _takes_a_seat(new) - _takes_a_seat(old), self.waiting + _waits(new) - _waits(old))


@dataclass(slots=True)
class Copies:
    """The copies that a batch of events is about, loaded before and written back after."""

    meetups: dict[UUID, MeetupCopy] = field(default_factory=dict)
    organisations: dict[UUID, OrganisationState] = field(default_factory=dict)
    registrations: dict[UUID, RegistrationCopy] = field(default_factory=dict)
    standings: dict[UUID, Standing] = field(default_factory=dict)

    def meetup(self, meetup_id: UUID) -> MeetupState | None:
        """The newest state of a meetup, if it has been heard of."""
        known = self.meetups.get(meetup_id)
        return known.state if known else None


def _takes_a_seat(copy: RegistrationCopy | None) -> bool:
    return copy is not None and copy.status in TAKING_A_SEAT


def _waits(copy: RegistrationCopy | None) -> bool:
    return copy is not None and copy.is_waiting
