"""Events of a meetup. Each carries the whole public state, so that a consumer needs no other event to act on it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.fact import Code, Fact, Instant, Line, Version, WallTime, Zone

MeetupStatus = Literal["published", "cancelled"]
OrganiserRole = Literal["lead", "co", "partner"]


class Organiser(Fact):
    """An organisation's part in a meetup. Its name and address are not here: see `organisation.py` and `contacts.py`."""

    organisation_id: UUID
    role: OrganiserRole


class Venue(Fact):
    """Where it takes place; both lines are printed as they are in pages, mails and calendars."""

    name: Annotated[Line, Field(max_length=200)]
    address: Annotated[Line, Field(max_length=400)]


class MeetupState(Fact):
    """A published meetup. `version` grows by one with every event of the meetup; the higher version wins whatever the order of arrival."""

    meetup_id: UUID
    version: Version
    slug: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,120}$", description="last part of its public address")]
    title: Annotated[Line, Field(max_length=200)]
    status: MeetupStatus
    territory: Annotated[Code, Field(description="code in `contracts/territories.json`")]
    format: Annotated[Code, Field(description="code in `contracts/vocabularies.json`")]
    attendance_mode: Literal["onsite", "online", "hybrid"]
    timezone: Zone
    starts_local: WallTime
    ends_local: WallTime
    starts_at: Instant
    ends_at: Instant
    venue: Venue
    capacity: Annotated[int, Field(ge=1, le=1_000_000)]
    overbooking_percent: Annotated[int, Field(ge=0, le=100)]
    seats_allowed: Annotated[int, Field(ge=1, le=2_000_000, description="capacity with overbooking, rounded down")]
    calendar_sequence: Annotated[
        int,
        Field(
            ge=0,
            le=2_147_483_647,
            description="grows with a new time, zone, place or way of attending; see `contracts/calendar_entry.py`",
        ),
    ]
    organisers: Annotated[tuple[Organiser, ...], Field(description="who holds it, and in which part")]
    demo: Annotated[bool, Field(description="made up for a demonstration, and shown as such")]
    changed_at: Instant
    online_capacity: Annotated[
        int | None, Field(ge=1, le=1_000_000, description="seats online of a hybrid meetup, beside `capacity` on site")
    ] = None
    join_changes: Annotated[
        int | None,
        Field(
            ge=0,
            le=2_147_483_647,
            description="changes of the address for joining online, itself in no event; see `contracts/calendar_entry.py`",
        ),
    ] = None
    visibility: Annotated[
        Literal["public", "private"] | None, Field(description="private: in no list, for those with an invitation")
    ] = None
    audiences: Annotated[tuple[Code, ...] | None, Field(max_length=20, description="whom it is for")] = None
    level: Annotated[Code | None, Field(description="what one should know before")] = None
    sectors: Annotated[tuple[Code, ...] | None, Field(max_length=20, description="sectors it speaks to; none: all")] = (
        None
    )
    needs: Annotated[tuple[Code, ...] | None, Field(max_length=20, description="needs it answers")] = None
