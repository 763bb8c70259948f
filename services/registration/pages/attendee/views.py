"""What the templates of an attendee's pages read: plain values made ready for the bearer of a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal, get_args

from contracts.registration import CancelledBy
from services.registration.domain.registrations import Mode, NamedBy
from services.registration.odds import Odds
from services.registration.pages.views import Meetup
from services.registration.people import Entry, Section

State = Literal["held", "pending", "waitlisted", "missed", "offered", "confirmed", "past", "cancelled", "expired"]
"""The status of a registration as its person sees it: `pending` awaits approval, `missed` waited in vain, `past` is over."""

Done = Literal["confirme", "annule", "corrige", "mode", "cede"]
"""What the page just left did, said once at the top."""

DONE: Mapping[str, Done] = MappingProxyType({done: done for done in get_args(Done)})
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
    passes_on: bool = True
    """Somebody else can be offered the seat after `expires_at`: the meetup has not begun by then."""
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
    join_url: str | None = None
    """Where to join, for a confirmed seat online."""
    waiting_behind: int = 0
    """Who waits for the seat that would be given back."""

    @property
    def online(self) -> bool:
        """Whether its place is online: there is no door, and no room to go to."""
        return (self.mode or self.meetup.attendance_mode) == "online"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent in words, and the purpose by which it is taken back while it holds."""

    told: Entry
    purpose: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnData:
    """All that is kept under an address, in words. `missing` says who could not be asked, `elsewhere` what only the copy has."""

    email: str
    sections: tuple[Section, ...]
    consents: tuple[Consent, ...] = ()
    objected: str | None = None
    missing: str | None = None
    elsewhere: tuple[str, ...] = ()
