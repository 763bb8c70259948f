"""A notice: one mail that is owed to one recipient, with the facts it will state as of the event that made it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from contracts.fact import Locale
from contracts.registration import CancelledBy, RegistrationStatus

AttendanceMode = Literal["onsite", "online", "hybrid"]
LinksReason = Literal["asked", "registered_again"]
RecipientKind = Literal["person", "organisation"]


class Kind(StrEnum):
    """What a mail says; each is a template of its own."""

    CONFIRM_ADDRESS = "confirm_address"
    SEAT_CONFIRMED = "seat_confirmed"
    WAITING_LIST = "waiting_list"
    REQUEST_RECEIVED = "request_received"
    SEAT_OFFERED = "seat_offered"
    REGISTRATION_CANCELLED = "registration_cancelled"
    REGISTRATION_EXPIRED = "registration_expired"
    MODE_CHANGED = "mode_changed"
    MEETUP_MOVED = "meetup_moved"
    JOIN_CHANGED = "join_changed"
    REMINDER = "reminder"
    REGISTRATION_LINKS = "registration_links"
    NEW_REGISTRATION = "new_registration"
    NEW_REGISTRATIONS = "new_registrations"
    MEETUP_FULL = "meetup_full"


@dataclass(frozen=True, slots=True)
class Slot:
    """When, where and how a meetup was to be before it was moved: wall time and zone of the venue."""

    starts_local: datetime
    ends_local: datetime
    timezone: str
    venue: str
    attendance_mode: AttendanceMode | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a mail states beyond its meetup and registration. Nothing personal; what a kind does not state is None.

    `sequence` is there when the mail carries a calendar part, and is that part's SEQUENCE. `awaiting`: it is, or was, a request that an
    organiser has to approve; `approved`: one has. `day` is the venue's date that a reminder is for. `registration_ids`, `reason` and
    `locale` are those of a mail of links, which is about no single registration.
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
    awaiting: bool | None = None
    approved: bool | None = None
    day: date | None = None
    registration_ids: tuple[UUID, ...] | None = None
    reason: LinksReason | None = None
    locale: Locale | None = None


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
