"""What the sender has in hand: lanes, each with its mails in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.fact import Locale
from contracts.meetup import MeetupState
from services.notifications.domain.notices import Facts, Kind, RecipientKind


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail owed. `reference` and `locale` are those of its registration; `meetup` is None in a summary, or as long as it is unknown."""

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
    reference: str
    locale: Locale
    meetup: MeetupState | None


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
