"""A meetup from draft to end."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.registration.domain import meetups
from services.registration.domain.meetups import Meetup, Part, Programme
from services.registration.domain.refusals import (
    EndsBeforeStart,
    LeadMissing,
    MeetupCancelled,
    MeetupIsDraft,
    MeetupOver,
    TimeAndPlaceFixed,
)
from tests.unit.registration.domain.stage import NOW

EVENING = datetime(2027, 4, 15, 18)  # noqa: DTZ001 - a wall time has no offset
LEAD = Part(organisation_id=UUID(int=7), role="lead")
PARTNER = Part(organisation_id=UUID(int=8), role="co")


def occasion(starts: datetime = EVENING, *, hours: int = 2, closes: datetime | None = None) -> meetups.Occasion:
    return meetups.occasion(
        territory="976",
        timezone=None,
        starts_local=starts,
        ends_local=starts + timedelta(hours=hours),
        closes_local=closes,
        venue_name="CCI de Mayotte",
        venue_address="Place Mariage, 97600 Mamoudzou",
    )


def draft() -> Meetup:
    return Meetup(
        id=UUID(int=1),
        version=0,
        slug="ia-mamoudzou",
        status="draft",
        territory="976",
        occasion=occasion(),
        programme=Programme(title="L’IA au comptoir", description="", format="talk", attendance_mode="onsite"),
        organisers=(LEAD,),
        calendar_sequence=0,
        demo=False,
        changed_at=NOW,
    )


def change(
    meetup: Meetup,
    *,
    title: str = "L’IA au comptoir",
    at: meetups.Occasion | None = None,
    mode: meetups.AttendanceMode = "onsite",
    join_url: str | None = None,
) -> Meetup:
    programme = replace(meetup.programme, title=title, attendance_mode=mode)
    return meetups.change(
        meetup,
        programme=programme,
        organisers=meetup.organisers,
        occasion=at or meetup.occasion,
        approval=False,
        join_url=join_url,
        now=NOW,
    )


PUBLISHED = meetups.publish(draft(), now=NOW)
CANCELLED = meetups.cancel(PUBLISHED, now=NOW)
AFTERWARDS = PUBLISHED.occasion.ends_at


def test_instants_are_derived_from_the_venues_wall_time() -> None:
    when = occasion(closes=EVENING - timedelta(hours=6))
    assert when.starts_at.isoformat() == "2027-04-15T15:00:00+00:00"
    assert when.closes_at == when.starts_at - timedelta(hours=6)
    assert occasion().closes_at == occasion().starts_at


def test_it_ends_after_it_begins_and_closes_before() -> None:
    with pytest.raises(EndsBeforeStart):
        occasion(hours=0)
    with pytest.raises(EndsBeforeStart):
        occasion(closes=EVENING + timedelta(minutes=1))


def test_publishing_is_the_first_event_and_happens_once() -> None:
    assert (PUBLISHED.status, PUBLISHED.version) == ("published", 1)
    assert meetups.publish(PUBLISHED, now=NOW) is PUBLISHED


def test_a_draft_may_change_in_everything_without_an_event() -> None:
    changed = change(draft(), title="Autre", at=occasion(EVENING + timedelta(days=1)))
    assert (changed.programme.title, changed.version) == ("Autre", 0)


def test_a_published_meetup_changes_in_all_but_time_and_place() -> None:
    assert change(PUBLISHED, title="Autre").version == 2
    assert change(PUBLISHED) is PUBLISHED
    assert change(PUBLISHED, at=occasion(closes=EVENING - timedelta(days=1))).version == 2
    with pytest.raises(TimeAndPlaceFixed):
        change(PUBLISHED, at=occasion(hours=3))


def test_rescheduling_tells_calendars() -> None:
    moved = meetups.reschedule(PUBLISHED, occasion(EVENING + timedelta(days=7)), now=NOW)
    assert (moved.calendar_sequence, moved.version) == (1, 2)
    assert meetups.reschedule(PUBLISHED, occasion(), now=NOW) is PUBLISHED
    with pytest.raises(MeetupOver):
        meetups.reschedule(PUBLISHED, occasion(EVENING - timedelta(days=60)), now=NOW)


@pytest.mark.parametrize(
    "moved",
    [
        replace(PUBLISHED.occasion, starts_local=EVENING + timedelta(minutes=5)),
        replace(PUBLISHED.occasion, ends_local=EVENING + timedelta(hours=3)),
        replace(PUBLISHED.occasion, timezone="Indian/Reunion"),
        replace(PUBLISHED.occasion, venue_name="Autre salle"),
        replace(PUBLISHED.occasion, venue_address="Autre rue"),
    ],
)
def test_each_part_of_time_and_place_matters_to_calendars(moved: meetups.Occasion) -> None:
    assert meetups.reschedule(PUBLISHED, moved, now=NOW).calendar_sequence == 1


def test_another_way_of_attending_matters_to_calendars() -> None:
    assert change(PUBLISHED, mode="online").calendar_sequence == 1


def test_another_address_for_joining_matters_to_those_online_once_it_is_published() -> None:
    online = change(PUBLISHED, mode="online")
    assert (online.join_changes, online.lacks_join_url) == (0, True)
    known = change(online, mode="online", join_url="https://visio.example/a")
    assert (known.join_changes, known.calendar_sequence, known.version) == (1, 1, 3)
    assert not known.lacks_join_url
    assert change(known, mode="online", join_url="https://visio.example/a") is known
    assert change(known, mode="online", join_url="https://visio.example/b").join_changes == 2
    assert change(known, mode="online").join_changes == 2
    assert change(draft(), mode="online", join_url="https://visio.example/a").join_changes == 0
    assert change(PUBLISHED, join_url="https://visio.example/a").join_changes == 0
    assert not PUBLISHED.lacks_join_url


def test_neither_a_title_nor_the_end_of_registrations_matters_to_calendars() -> None:
    closing = occasion(closes=EVENING - timedelta(days=1))
    assert change(PUBLISHED, title="Autre", at=closing).calendar_sequence == 0
    rescheduled = meetups.reschedule(PUBLISHED, closing, now=NOW)
    assert (rescheduled.calendar_sequence, rescheduled.version) == (0, 2)


def test_cancelling_is_final() -> None:
    assert (CANCELLED.status, CANCELLED.version) == ("cancelled", 2)
    assert meetups.cancel(CANCELLED, now=NOW) is CANCELLED
    with pytest.raises(MeetupCancelled):
        meetups.publish(CANCELLED, now=NOW)
    with pytest.raises(MeetupCancelled):
        meetups.reschedule(CANCELLED, occasion(), now=NOW)
    with pytest.raises(MeetupCancelled):
        change(CANCELLED, title="Autre")


def test_a_draft_is_neither_cancelled_nor_rescheduled() -> None:
    with pytest.raises(MeetupIsDraft):
        meetups.cancel(draft(), now=NOW)
    with pytest.raises(MeetupIsDraft):
        meetups.reschedule(draft(), occasion(), now=NOW)


def test_the_past_stays_as_it_was() -> None:
    with pytest.raises(MeetupOver):
        meetups.publish(draft(), now=draft().occasion.starts_at)
    with pytest.raises(MeetupOver):
        meetups.cancel(PUBLISHED, now=AFTERWARDS)


def test_other_seats_are_an_event_of_a_published_meetup_only() -> None:
    later = NOW + timedelta(hours=1)
    assert meetups.touch(PUBLISHED, now=later).version == 2
    touched = meetups.touch(draft(), now=later)
    assert (touched.version, touched.changed_at) == (0, later)


def test_a_meetup_that_ended_is_not_edited() -> None:
    with pytest.raises(MeetupOver):
        meetups.change(
            PUBLISHED,
            programme=PUBLISHED.programme,
            organisers=PUBLISHED.organisers,
            occasion=PUBLISHED.occasion,
            approval=False,
            join_url=None,
            now=AFTERWARDS,
        )


def test_exactly_one_organisation_leads_and_comes_first() -> None:
    assert meetups.led([PARTNER, LEAD]) == (LEAD, PARTNER)
    for wrong in ([], [PARTNER], [LEAD, LEAD], [LEAD, replace(PARTNER, role="lead")]):
        with pytest.raises(LeadMissing):
            meetups.led(wrong)
