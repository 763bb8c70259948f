"""What notifications remember of meetups, organisations and registrations: copies carried by events, the highest version wins."""

from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from contracts.fact import Locale
from contracts.meetup import MeetupState
from contracts.organisation import OrganisationState
from contracts.registration import RegistrationState, RegistrationStatus

TAKING_A_SEAT = frozenset[RegistrationStatus]({"held", "offered", "confirmed"})
ACTIVE = TAKING_A_SEAT | {"waitlisted"}


@dataclass(frozen=True, slots=True)
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

    @classmethod
    def of(cls, state: RegistrationState, *, calendar_sequence: int | None) -> Self:
        """Return the copy of a state."""
        return cls(
            state.registration_id,
            state.version,
            state.meetup_id,
            state.person_id,
            state.status,
            state.locale,
            state.reference,
            calendar_sequence,
        )

    @property
    def is_active(self) -> bool:
        """Whether its attendee still hopes to come."""
        return self.status in ACTIVE


@dataclass(frozen=True, slots=True)
class Standing:
    """How full a meetup is, counted from the registrations heard of."""

    taken: int = 0
    waiting: int = 0

    def moved(self, old: RegistrationStatus | None, new: RegistrationStatus) -> "Standing":
        """Return the standing after one registration went from `old` (None: it is new) to `new`."""
        return Standing(
            self.taken + (new in TAKING_A_SEAT) - (old in TAKING_A_SEAT),
            self.waiting + (new == "waitlisted") - (old == "waitlisted"),
        )


@dataclass(slots=True)
class Copies:
    """The copies that a batch of events is about, loaded before and written back after."""

    meetups: dict[UUID, MeetupState] = field(default_factory=dict)
    organisations: dict[UUID, OrganisationState] = field(default_factory=dict)
    registrations: dict[UUID, RegistrationCopy] = field(default_factory=dict)
    standings: dict[UUID, Standing] = field(default_factory=dict)
