"""Events of a meetup. Each carries the whole public state, so that a consumer needs no other event to act on it."""

from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from contracts.fact import Code, Fact, Instant, Line, Version, WallTime

MeetupStatus = Literal["published", "cancelled"]
OrganiserRole = Literal["lead", "co", "partner"]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, OSError, ValueError):  # OSError: the name of a folder, such as "Europe"
        raise ValueError("no such time zone here") from None
    return name


Zone = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9_+/-]{1,64}$", description="IANA zone of the venue"),
    AfterValidator(_known_zone),
]


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
        Field(ge=0, le=2_147_483_647, description="SEQUENCE of RFC 5545; grows with a new time or place only"),
    ]
    organisers: Annotated[tuple[Organiser, ...], Field(description="who holds it, and in which part")]
    demo: Annotated[bool, Field(description="made up for a demonstration, and shown as such")]
    changed_at: Instant
