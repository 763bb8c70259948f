"""What is known when a mail is written: the delivery's facts, the copies, and the contact, which is forgotten right after."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.fact import Locale
from contracts.meetup import MeetupState
from contracts.registration import RegistrationStatus
from services.notifications.domain.copies import Mode
from services.notifications.domain.notices import Facts, Kind


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a recipient is reached, and where to join, if that is theirs to know. Lives as long as one sending; `repr` shows nothing, since
    it may end up in a log.
    """

    email: str
    name: str
    locale: Locale
    token: str = ""
    join_url: str = ""

    def __repr__(self) -> str:
        return "Contact(…)"


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One meetup in an hourly summary."""

    meetup: MeetupState
    seated: int
    waitlisted: int
    taken: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """One registration in a mail of links. The token is as short-lived here as the contact: `repr` does not show it."""

    registration_id: UUID
    reference: str
    status: RegistrationStatus
    awaiting_approval: bool
    mode: Mode | None
    timezone: str | None
    meetup: MeetupState
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything one mail is made of. `meetup` is None only in a summary, which has `lines` instead, and in a mail of `links`.

    `mode`, `timezone` and `named_by` are those of the registration: how its attendee comes, by which clock they live, who else gave their address.
    """

    delivery_id: UUID
    kind: Kind
    facts: Facts
    contact: Contact
    written_at: datetime
    registration_id: UUID | None = None
    reference: str = ""
    meetup: MeetupState | None = None
    reply_to: str = ""
    lines: tuple[SummaryLine, ...] = ()
    links: tuple[LinkLine, ...] = ()
    mode: Mode | None = None
    timezone: str | None = None
    named_by: str | None = None
