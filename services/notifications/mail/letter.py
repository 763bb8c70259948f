"""What is known when a mail is written: the delivery's facts, the copies, and the contact, which is forgotten right after."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.fact import Locale
from contracts.meetup import MeetupState
from services.notifications.domain.notices import Facts, Kind


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a recipient is reached. Lives as long as one sending; `repr` shows nothing, since it may end up in a log."""

    email: str
    name: str
    locale: Locale
    token: str = ""

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


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything one mail is made of. `meetup` is None only in a summary, which has `lines` instead."""

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
