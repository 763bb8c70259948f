"""A notice: one mail that is owed to one recipient, with the facts it will state as of the event that made it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from contracts.registration import CancelledBy, RegistrationStatus

RecipientKind = Literal["person", "organisation"]


class Kind(StrEnum):
    """What a mail says; each is a template of its own."""

    CONFIRM_ADDRESS = "confirm_address"
    SEAT_CONFIRMED = "seat_confirmed"
    WAITING_LIST = "waiting_list"
    SEAT_OFFERED = "seat_offered"
    REGISTRATION_CANCELLED = "registration_cancelled"
    REGISTRATION_EXPIRED = "registration_expired"
    MEETUP_MOVED = "meetup_moved"
    NEW_REGISTRATION = "new_registration"
    NEW_REGISTRATIONS = "new_registrations"
    MEETUP_FULL = "meetup_full"


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where a meetup was to be before it was moved: wall time and zone of the venue."""

    starts_local: datetime
    ends_local: datetime
    timezone: str
    venue: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a mail states beyond its meetup and registration. Nothing personal; what a kind does not state is None.

    `sequence` is there when the mail carries a calendar part, and is that part's SEQUENCE.
    """

    sequence: int | None = None
    position: int | None = None
    expires_at: datetime | None = None
    status: RegistrationStatus | None = None
    was: RegistrationStatus | None = None
    cancelled_by: CancelledBy | None = None
    headcount: str | None = None
    taken: int | None = None
    waiting: int | None = None
    previous: Slot | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail to make. It is made once for (event, kind, recipient)."""

    event_id: UUID
    kind: Kind
    recipient_kind: RecipientKind
    recipient_id: UUID
    registration_id: UUID | None
    meetup_id: UUID | None
    facts: Facts
    due_at: datetime
    trace: Mapping[str, str]
