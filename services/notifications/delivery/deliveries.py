"""What the sender has in hand: lanes, each with its mails in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.fact import Locale
from contracts.meetup import MeetupState
from contracts.registration import RegistrationStatus
from services.notifications.domain.copies import Mode
from services.notifications.domain.notices import Facts, Kind, RecipientKind


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail owed. What stands from `reference` on is its registration's as it is now, as far as it has one.

    `meetup` is None in a summary and in a mail of links, or as long as it is unknown.
    """

    id: UUID
    kind: Kind
    recipient_kind: RecipientKind
    recipient_id: UUID
    registration_id: UUID | None
    meetup_id: UUID | None
    facts: Facts
    trace: Mapping[str, str]
    attempts: int
    due_at: datetime
    meetup: MeetupState | None
    reference: str = ""
    locale: Locale | None = None
    status: RegistrationStatus | None = None
    mode: Mode | None = None
    timezone: str | None = None
    named_by: str | None = None


@dataclass(slots=True, eq=False)
class Lane:
    """The mails of one recipient that are due, oldest first. `held_until` is when the lease ends, on the loop's clock.

    A lane `taken_over` was still claimed when its lease ended: by a sender that died, as a rule, and the first mail may have been accepted.
    """

    recipient_id: UUID
    claim: UUID
    held_until: float
    taken_over: bool
    deliveries: list[Delivery] = field(default_factory=list)
