"""What the templates of an attendee's pages read: plain values made ready for the bearer of a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from contracts.registration import CancelledBy
from services.registration.domain.registrations import Mode, NamedBy
from services.registration.odds import Odds
from services.registration.pages.views import Meetup

State = Literal["held", "pending", "waitlisted", "missed", "offered", "confirmed", "past", "cancelled", "expired"]
"""The status of a registration as its person sees it: `pending` awaits approval, `missed` waited in vain, `past` is over."""

Done = Literal["confirme", "annule", "corrige", "mode", "cede"]
"""What the page just left did, said once at the top."""

DONE: Mapping[str, Done] = MappingProxyType(
    {"confirme": "confirme", "annule": "annule", "corrige": "corrige", "mode": "mode", "cede": "cede"}
)
"""By their word in an address."""


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
    written_to: str | None = None
    """The address typed into the form, for whoever typed it and may have mistyped it; until it is proven."""
    waiting_position: int | None = None
    odds: Odds | None = None
    expires_at: datetime | None = None
    cancelled_by: CancelledBy | None = None
    refused: bool = False
    """Organisers said no to this request."""
    handed_over: bool = False
    """The seat went to somebody its giver named."""
    attended: bool = False
    named_by: NamedBy | None = None
    """Who else gave the address, said to whom it belongs."""
    mode: Mode | None = None
    """Of a hybrid meetup only: elsewhere there is nothing to choose."""
    waiting_behind: int = 0
    """Who waits for the seat that would be given back."""

    @property
    def online(self) -> bool:
        """Whether its place is online: there is no door, and no room to go to."""
        return (self.mode or self.meetup.attendance_mode) == "online"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRegistration:
    """One of the registrations kept of a person; `facts` are those of its details that were told, in words."""

    reference: str
    title: str
    starts: datetime
    status: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownConsent:
    """A consent with the very words it was given to."""

    purpose: str
    words: str
    version: str
    given: datetime
    withdrawn: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """What is shown of what is kept under an address; all of it is in the copy."""

    email: str
    registrations: tuple[KnownRegistration, ...]
    consents: tuple[KnownConsent, ...] = ()
    objected: datetime | None = None
