"""Events of a registration and of attendance. Opaque ids and facts only: no name, no address, no token ever."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.fact import Code, Fact, Instant, Locale, Version, Zone

RegistrationStatus = Literal["held", "waitlisted", "offered", "confirmed", "cancelled", "expired"]
CancelledBy = Literal["attendee", "organiser", "erasure"]


class RegistrationState(Fact):
    """The whole non-personal state of one registration, attendance included.

    `version` grows by one with every event of the registration or of its attendance: a consumer keeps the highest it has seen.
    """

    registration_id: UUID
    version: Version
    reference: Annotated[Code, Field(description="what people quote; it opens nothing by itself")]
    meetup_id: UUID
    person_id: UUID
    territory: Annotated[Code, Field(description="territory of the meetup")]
    status: RegistrationStatus
    headcount: Annotated[Code, Field(description="declared headcount band of the attendee's firm")]
    locale: Locale
    waiting_position: Annotated[
        int | None, Field(ge=1, le=2_147_483_647, description="rank on the waiting list when this was written")
    ] = None
    expires_at: Annotated[Instant | None, Field(description="end of a hold or of an offer")] = None
    cancelled_by: Annotated[CancelledBy | None, Field(description="who gave the seat back")] = None
    attended: Annotated[bool, Field(description="came through the door")] = False
    attended_at: Annotated[Instant | None, Field(description="time of the scan at the door, by its own clock")] = None
    registered_at: Instant
    changed_at: Instant
    mode: Annotated[
        Literal["onsite", "online"] | None, Field(description="which of the seats of a hybrid meetup; else absent")
    ] = None
    awaiting_approval: Annotated[
        bool | None, Field(description="waitlisted until an organiser has said yes; such a registration has no rank")
    ] = None
    timezone: Annotated[
        Zone | None,
        Field(
            description="IANA zone of the attendee's own clock, where they told it; the venue's stands in the meetup"
        ),
    ] = None
    sector: Annotated[Code | None, Field(description="declared sector of the attendee's firm, in plain words")] = None
    role: Annotated[Code | None, Field(description="declared part of the attendee in their firm")] = None
    needs: Annotated[tuple[Code, ...] | None, Field(max_length=10, description="what the attendee is looking for")] = (
        None
    )
    named_by: Annotated[
        Code | None,
        Field(
            description="who else gave the address: a `colleague` on the same form, a `predecessor` who handed the seat over; else absent"
        ),
    ] = None
    calendar_changes: Annotated[
        int | None,
        Field(
            ge=0, le=2_147_483_647, description="changes between on site and online; see `contracts/calendar_entry.py`"
        ),
    ] = None
