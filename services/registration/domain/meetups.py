"""A meetup from draft to publication, its changes of time and its end. What attendees were told is changed in the open or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.meetup import OrganiserRole
from services.registration.domain.facets import NONE, Facets
from services.registration.domain.questions import Question
from services.registration.domain.refusals import (
    EndsBeforeStart,
    LeadMissing,
    MeetupCancelled,
    MeetupIsDraft,
    MeetupOver,
    TimeAndPlaceFixed,
)
from services.registration.domain.terms import Terms, asks_least
from services.registration.domain.wall_time import instant_of, zone_of

MeetupStatus = Literal["draft", "published", "cancelled"]
AttendanceMode = Literal["onsite", "online", "hybrid"]
Visibility = Literal["public", "private"]
"""A private meetup is in no list, and asks for an invitation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When and where: wall times of the venue and the instants derived from them. Built by `occasion`, which checks them."""

    timezone: str
    starts_local: datetime
    ends_local: datetime
    closes_local: datetime
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    venue_name: str
    venue_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What it is about: all that may change without anybody having to come at another time or to another place."""

    title: str
    description: str
    format: str
    attendance_mode: AttendanceMode
    facets: Facets = NONE
    visibility: Visibility = "public"
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An organisation's part in a meetup."""

    organisation_id: UUID
    role: OrganiserRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetup:
    """A meetup without its seats (`ledgers.Ledger`). `version` counts its events: 0 for a draft, which has none.

    With `approval`, its organisers say yes to each registration before it gets a place in line. `join_url` opens it to whoever knows it: it is
    for confirmed seats online alone. `join_changes` counts how often these were told another one.
    """

    id: UUID
    version: int
    slug: str
    status: MeetupStatus
    territory: str
    occasion: Occasion
    programme: Programme
    organisers: tuple[Part, ...]
    calendar_sequence: int
    approval: bool = False
    join_url: str | None = None
    join_changes: int = 0
    demo: bool
    changed_at: datetime

    @property
    def terms(self) -> Terms:
        """What it asks of who registers."""
        about = self.programme
        return Terms(least=asks_least(about.format), private=about.visibility == "private", questions=about.questions)

    @property
    def lacks_join_url(self) -> bool:
        """Whether somebody may have a seat online and no way to get there."""
        return self.join_url is None and self.programme.attendance_mode != "onsite"

    def over(self, *, now: datetime) -> bool:
        """Whether it has ended."""
        return self.occasion.ends_at <= now


def occasion(
    *,
    territory: str,
    timezone: str | None,
    starts_local: datetime,
    ends_local: datetime,
    closes_local: datetime | None,
    venue_name: str,
    venue_address: str,
) -> Occasion:
    """Derive the instants; the zone is the territory's first unless another of it is chosen, closing is the start unless earlier.

    Raises:
        ZoneOutsideTerritory, NoSuchWallTime, EndsBeforeStart.
    """
    zone = zone_of(territory, timezone)
    closes = closes_local or starts_local
    starts_at, ends_at = instant_of(starts_local, zone=zone), instant_of(ends_local, zone=zone, field="ends_local")
    closes_at = instant_of(closes, zone=zone, field="closes_local")
    if ends_at <= starts_at:
        raise EndsBeforeStart("a meetup ends after it begins")
    if closes_at > starts_at:
        raise EndsBeforeStart("registrations close no later than the meetup begins")
    return Occasion(
        timezone=zone,
        starts_local=starts_local,
        ends_local=ends_local,
        closes_local=closes,
        starts_at=starts_at,
        ends_at=ends_at,
        closes_at=closes_at,
        venue_name=venue_name,
        venue_address=venue_address,
    )


def led(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the organisers, the lead first.

    Raises:
        LeadMissing: not exactly one of them leads, or one is named twice.
    """
    leads = [part for part in parts if part.role == "lead"]
    if len(leads) != 1 or len({part.organisation_id for part in parts}) != len(parts):
        raise LeadMissing("exactly one organisation leads, and each is named once")
    return (*leads, *(part for part in parts if part.role != "lead"))


def publish(meetup: Meetup, *, now: datetime) -> Meetup:
    """Open a draft to the public. Once published, returns itself.

    Raises:
        MeetupCancelled, MeetupOver: it begins in the past.
    """
    _not_cancelled(meetup)
    if meetup.status == "published":
        return meetup
    if meetup.occasion.starts_at <= now:
        raise MeetupOver("a meetup is published before it begins")
    return _next(replace(meetup, status="published"), now=now)


def cancel(meetup: Meetup, *, now: datetime) -> Meetup:
    """Call it off for good; its registrations are cancelled with it. Once cancelled, returns itself.

    Raises:
        MeetupIsDraft, MeetupOver.
    """
    if meetup.status == "cancelled":
        return meetup
    _public(meetup)
    _not_over(meetup, now=now)
    return _next(replace(meetup, status="cancelled"), now=now)


def reschedule(meetup: Meetup, occasion: Occasion, *, now: datetime) -> Meetup:
    """Move it to another time or place. Registrations stay; calendars learn of it by `calendar_sequence`. No change returns itself.

    Registrations that close at another hour are no news for a calendar.

    Raises:
        MeetupIsDraft, MeetupCancelled, MeetupOver: it has ended, or would begin in the past.
    """
    _public(meetup)
    _not_cancelled(meetup)
    _not_over(meetup, now=now)
    if occasion == meetup.occasion:
        return meetup
    if occasion.starts_at <= now:
        raise MeetupOver("a meetup is moved to a time to come")
    return _next(_told_to_calendars(meetup, replace(meetup, occasion=occasion)), now=now)


def change(
    meetup: Meetup,
    *,
    programme: Programme,
    organisers: tuple[Part, ...],
    occasion: Occasion,
    approval: bool,
    join_url: str | None,
    now: datetime,
) -> Meetup:
    """Edit it. A draft may change in everything, a published meetup in all but time and place. No change returns itself.

    Another way of attending is told to calendars, as another place is; and another address for joining, to those online.

    Raises:
        MeetupCancelled, MeetupOver, TimeAndPlaceFixed.
    """
    _not_cancelled(meetup)
    if meetup.status != "draft":
        _not_over(meetup, now=now)
    changed = replace(
        meetup, programme=programme, organisers=organisers, occasion=occasion, approval=approval, join_url=join_url
    )
    if changed == meetup:
        return meetup
    if meetup.status == "draft":
        return replace(changed, changed_at=now)
    if _time_and_place(changed) != _time_and_place(meetup):
        raise TimeAndPlaceFixed("reschedule it, so that everybody is told")
    return _next(_told_where_to_join(meetup, _told_to_calendars(meetup, changed)), now=now)


def touch(meetup: Meetup, *, now: datetime) -> Meetup:
    """Note that its seats changed: another event, if it is published."""
    return replace(meetup, changed_at=now) if meetup.status == "draft" else _next(meetup, now=now)


def _told_to_calendars(before: Meetup, after: Meetup) -> Meetup:
    """Raise `calendar_sequence` for what matters to somebody's diary: time, zone, place and way of attending; never for a title."""
    same = _time_and_place(before) == _time_and_place(after)
    if same and before.programme.attendance_mode == after.programme.attendance_mode:
        return after
    return replace(after, calendar_sequence=before.calendar_sequence + 1)


def _told_where_to_join(before: Meetup, after: Meetup) -> Meetup:
    if after.join_url == before.join_url or after.programme.attendance_mode == "onsite":
        return after
    return replace(after, join_changes=before.join_changes + 1)


def _time_and_place(meetup: Meetup) -> Occasion:
    at = meetup.occasion
    return replace(at, closes_local=at.starts_local, closes_at=at.starts_at)


def _next(meetup: Meetup, *, now: datetime) -> Meetup:
    return replace(meetup, version=meetup.version + 1, changed_at=now)


def _public(meetup: Meetup) -> None:
    if meetup.status == "draft":
        raise MeetupIsDraft


def _not_cancelled(meetup: Meetup) -> None:
    if meetup.status == "cancelled":
        raise MeetupCancelled


def _not_over(meetup: Meetup, *, now: datetime) -> None:
    if meetup.over(now=now):
        raise MeetupOver
