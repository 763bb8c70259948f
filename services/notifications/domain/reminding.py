"""When a meetup is remembered, and by whom. Nothing is planned ahead: what holds when the hour has come decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from contracts.meetup import MeetupState
from services.notifications.domain.notices import Facts, Kind, Notice

SETTLED = timedelta(hours=24)
"""Whoever confirmed less than this before the hour of the reminder remembers without it (pretix issue 3757)."""
LATEST = timedelta(hours=2)
"""After an outage a reminder that comes this close to the start is stale: people are on their way."""
HORIZON = timedelta(hours=50)
"""No meetup is remembered earlier than this before its start: two days, one of which clocks may lengthen."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a reminder depends on: the venue's wall time, and when that time was announced."""

    meetup_id: UUID
    starts_local: datetime
    timezone: str
    scheduled_at: datetime

    @property
    def day(self) -> date:
        """The date of the meetup at its venue: there is one reminder for it."""
        return self.starts_local.date()


def moment(occasion: Occasion, *, hour: time) -> datetime:
    """Return when its reminder is due: the day before, at that hour on the venue's clock."""
    wall = datetime.combine(occasion.day - timedelta(days=1), hour)
    return wall.replace(tzinfo=ZoneInfo(occasion.timezone)).astimezone(UTC)


def is_due(occasion: Occasion, *, hour: time, now: datetime) -> bool:
    """Whether its hour has come. A date announced after its hour needs no reminder: the announcement was one."""
    due = moment(occasion, hour=hour)
    return occasion.scheduled_at <= due <= now


def confirmed_by(occasion: Occasion, *, hour: time) -> datetime:
    """Return until when a seat must have been confirmed for its holder to be reminded."""
    return moment(occasion, hour=hour) - SETTLED


def still_holds(meetup: MeetupState, *, day: date | None, now: datetime) -> bool:
    """Whether a reminder of that day still says what is true, and in time."""
    return meetup.status == "published" and meetup.starts_local.date() == day and now <= meetup.starts_at - LATEST


def reminder(
    occasion: Occasion, *, registration_id: UUID, person_id: UUID, now: datetime, trace: Mapping[str, str]
) -> Notice:
    """Return the one reminder of a registration and a day, whoever makes it: its id is derived from both."""
    return Notice(
        event_id=uuid5(NAMESPACE_URL, f"urn:rencontres:reminder:{registration_id}:{occasion.day.isoformat()}"),
        kind=Kind.REMINDER,
        recipient_kind="person",
        recipient_id=person_id,
        registration_id=registration_id,
        meetup_id=occasion.meetup_id,
        facts=Facts(status="confirmed", day=occasion.day),
        due_at=now,
        trace=trace,
    )
