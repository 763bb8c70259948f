"""What the templates read: plain values made ready for one visitor. No template computes, no service object reaches a template."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.meetup import OrganiserRole
from services.registration.domain.facets import NONE, Facets
from services.registration.domain.registrations import Mode
from services.registration.notices import Notice

FieldProblem = Literal["missing", "too_long", "invalid", "too_many", "repeated"]
Availability = Literal["open", "waiting", "closed", "past", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """Whether one can register. `left` counts when open, `waiting` when full."""

    availability: Availability
    left: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The seats of one way of attending a hybrid meetup."""

    mode: Mode
    seats: Seats


@dataclass(frozen=True, slots=True, kw_only=True)
class Organiser:
    """Who holds the meetup, lead first."""

    name: str
    role: OrganiserRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetup:
    """One meetup. `starts` and `ends` are the wall times of the venue, whose zone is `zone`."""

    id: UUID
    slug: str
    title: str
    description: tuple[str, ...] = ()
    """Paragraphs."""
    territory: str
    territory_name: str
    format: str
    attendance_mode: str
    starts: datetime
    ends: datetime
    zone: str
    venue: str
    address: str
    organisers: tuple[Organiser, ...]
    seats: Seats
    """Of all rooms together."""
    rooms: tuple[Room, ...] = ()
    """Of a hybrid meetup only: on site, then online."""
    calendar_sequence: int
    changed_at: datetime
    demo: bool
    facets: Facets = NONE
    stood: datetime | None = None
    """Wall time at which it was to begin before it was moved last, in `stood_zone`."""
    stood_zone: str = ""

    @property
    def online(self) -> bool:
        """Whether it is nowhere but online: its venue is an address for organisers, and nobody is sent there."""
        return self.attendance_mode == "online"


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Meetups that start in one month."""

    first_day: datetime
    meetups: tuple[Meetup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a list."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionChoices:
    """The territories of one region, for the filter; alone where the territory is its own region."""

    name: str
    territories: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one field. `about` names the sentence where it serves several fields, `label` fills it in."""

    field: str
    problem: FieldProblem
    about: str = ""
    label: str = ""

    @property
    def text(self) -> str:
        """Key of the sentence shown at the top and beside the field: `form.error.<field>.<problem>`."""
        return f"form.error.{self.about or self.field}.{self.problem}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller(Organiser):
    """An organiser who answers for what happens to personal data, and where they are reached."""

    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetupLink:
    """A meetup that a page leads back to."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNotice:
    """A notice on personal data, and which other versions of it there are."""

    text: Notice
    since: datetime
    is_current: bool
    path: str
    others: tuple[str, ...]
