"""What the templates of an attendee's pages read: plain values made ready for the bearer of a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from markupsafe import Markup

from contracts.registration import CancelledBy
from services.registration.pages.views import Meetup

State = Literal["held", "pending", "waitlisted", "missed", "offered", "confirmed", "past", "cancelled", "expired"]
"""The status of a registration as its person sees it: `pending` awaits approval, `missed` waited in vain, `past` is over."""

Done = Literal["confirme", "annule", "corrige", "mode"]
"""What the page just left did, said once at the top."""

DONE: Mapping[str, Done] = MappingProxyType(
    {"confirme": "confirme", "annule": "annule", "corrige": "corrige", "mode": "mode"}
)
"""By their word in an address."""

Mode = Literal["onsite", "online"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """How often somebody at rank `rank` was offered a seat in the last `days` days: at `reached` of `base` past meetups.

    Below `threshold` meetups no figure is given.
    """

    rank: int
    days: int
    base: int
    reached: int
    threshold: int

    @property
    def known(self) -> bool:
        """Whether there is enough to say anything."""
        return self.base >= self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One registration as its link shows it. Only who opened the link of a mail may act (`mailed`), and until the meetup begins."""

    reference: str
    state: State
    meetup: Meetup
    token: str
    mailed: bool
    may_act: bool
    name: str | None = None
    waiting_position: int | None = None
    odds: Odds | None = None
    expires_at: datetime | None = None
    cancelled_by: CancelledBy | None = None
    refused: bool = False
    """Organisers said no to this request."""
    attended: bool = False
    mode: Mode | None = None
    """Of a hybrid meetup only: elsewhere there is nothing to choose."""
    waiting_behind: int = 0
    """Who waits for the seat that would be given back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What is shown at the door: who, for what, and a code that names nobody."""

    registration: Registration
    code: Markup
    address: str
    """What the code says."""
