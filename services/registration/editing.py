"""What organisers ask of a meetup, a new one or changes of one, made into what the rules know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.registration.domain import meetups as rules
from services.registration.domain.facets import Facets
from services.registration.domain.meetups import Meetup, Occasion, Part, Programme
from services.registration.domain.questions import Question, sound


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a meetup is held."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Wall times of the venue. Without `timezone`, its territory's first; without `closes_local`, registrations close at the start."""

    starts_local: datetime
    ends_local: datetime
    closes_local: datetime | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMeetup:
    """What a draft is made of. Without `id` and `slug` it gets them.

    `capacity` is that of the room on site, or of the only one; a hybrid meetup has as many seats online unless told.
    """

    territory: str
    programme: Programme
    when: When
    place: Place
    capacity: int
    overbooking_percent: int
    organisers: Sequence[Part]
    online_capacity: int | None = None
    approval: bool = False
    join_url: str | None = None
    slug: str | None = None
    id: UUID | None = None
    demo: bool = False


class Kept(Enum):
    """What stays as it is, where None says that there shall be none."""

    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is to be changed; None leaves it as it is, but for `level` and `join_url`, which may be none."""

    title: str | None = None
    description: str | None = None
    format: str | None = None
    attendance_mode: rules.AttendanceMode | None = None
    audiences: tuple[str, ...] | None = None
    level: str | Kept | None = Kept.KEPT
    sectors: tuple[str, ...] | None = None
    needs: tuple[str, ...] | None = None
    visibility: rules.Visibility | None = None
    questions: tuple[Question, ...] | None = None
    starts_local: datetime | None = None
    ends_local: datetime | None = None
    closes_local: datetime | None = None
    timezone: str | None = None
    place: Place | None = None
    capacity: int | None = None
    overbooking_percent: int | None = None
    organisers: Sequence[Part] | None = None
    online_capacity: int | None = None
    approval: bool | None = None
    join_url: str | Kept | None = Kept.KEPT


def occasion_of(territory: str, when: When, place: Place) -> Occasion:
    """Return when and where as the rules know it. Raises NoSuchWallTime, ZoneOutsideTerritory, EndsBeforeStart."""
    return rules.occasion(
        territory=territory,
        timezone=when.timezone,
        starts_local=when.starts_local,
        ends_local=when.ends_local,
        closes_local=when.closes_local,
        venue_name=place.name,
        venue_address=place.address,
    )


def edited_programme(programme: Programme, changes: Changes) -> Programme:
    """Return what it is about with these changes. Raises QuestionsRefused."""
    return Programme(
        title=programme.title if changes.title is None else changes.title,
        description=programme.description if changes.description is None else changes.description,
        format=changes.format or programme.format,
        attendance_mode=changes.attendance_mode or programme.attendance_mode,
        facets=Facets(
            audiences=programme.facets.audiences if changes.audiences is None else changes.audiences,
            level=programme.facets.level if changes.level is Kept.KEPT else changes.level,
            sectors=programme.facets.sectors if changes.sectors is None else changes.sectors,
            needs=programme.facets.needs if changes.needs is None else changes.needs,
        ),
        visibility=changes.visibility or programme.visibility,
        questions=programme.questions if changes.questions is None else sound(changes.questions),
    )


def edited_occasion(meetup: Meetup, changes: Changes) -> Occasion:
    """Return when and where it is with these changes; closing keeps its distance to the start unless told. Raises as `occasion_of`."""
    at = meetup.occasion
    if not any((changes.starts_local, changes.ends_local, changes.closes_local, changes.timezone, changes.place)):
        return at  # derived anew, its instants would differ had a law moved the zone's offset since
    starts = changes.starts_local or at.starts_local
    closes = changes.closes_local
    if closes is None:
        closes = at.closes_local + (starts - at.starts_local)
    when = When(
        starts_local=starts,
        ends_local=changes.ends_local or at.ends_local,
        closes_local=closes,
        timezone=changes.timezone or at.timezone,
    )
    return occasion_of(meetup.territory, when, changes.place or Place(name=at.venue_name, address=at.venue_address))
