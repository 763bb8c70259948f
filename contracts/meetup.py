"""Events of a meetup. Each carries the whole public state, so that a consumer needs no other event to act on it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.fact import Code, Fact, Instant, WallTime

MeetupStatus = Literal["published", "cancelled"]
OrganiserRole = Literal["lead", "co", "partner"]


class Organiser(Fact):
    """An organisation's part in a meetup. Its name and address are not here: see `organisation.py` and `contacts.py`."""

    organisation_id: UUID
    role: OrganiserRole


class Venue(Fact):
    """Where it takes place; both lines are printed as they are in pages, mails and calendars."""

    name: Annotated[str, Field(max_length=200)]
    address: Annotated[str, Field(max_length=400)]


class MeetupState(Fact):
    """A published meetup. `version` grows by one with every event of the meetup; the higher version wins whatever the order of arrival."""

    meetup_id: UUID
    version: Annotated[int, Field(ge=1)]
    slug: Annotated[str, Field(max_length=120)]
    title: Annotated[str, Field(max_length=200)]
    status: MeetupStatus
    territory: Code
    format: Code
    attendance_mode: Literal["onsite", "online", "hybrid"]
    timezone: Annotated[str, Field(max_length=64, description="IANA zone of the venue")]
    starts_local: WallTime
    ends_local: WallTime
    starts_at: Instant
    ends_at: Instant
    venue: Venue
    capacity: Annotated[int, Field(ge=1)]
    overbooking_percent: Annotated[int, Field(ge=0, le=100)]
    seats_allowed: Annotated[int, Field(ge=1, description="capacity with overbooking, rounded down")]
    calendar_sequence: Annotated[
        int, Field(ge=0, description="SEQUENCE of RFC 5545; grows with a new time or place only")
    ]
    organisers: tuple[Organiser, ...]
    demo: bool
    changed_at: Instant
