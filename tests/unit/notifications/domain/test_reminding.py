"""When a reminder is due, for whom, and until when: by the clock of each venue."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.notifications.domain.notices import Kind
from services.notifications.domain.reminding import (
    HORIZON,
    LATEST,
    Occasion,
    confirmed_by,
    is_due,
    moment,
    reminder,
    still_holds,
)
from tests.fixtures.notifying import NOW, meetup, moved, named

TEN = time(10)


def occasion(starts: str = "2027-02-04T09:00", zone: str = "Indian/Mayotte") -> Occasion:
    return Occasion(named("meetup"), datetime.fromisoformat(starts), zone, NOW)


@pytest.mark.parametrize(
    ("starts", "zone", "due"),
    [
        ("2027-02-04T09:00", "Indian/Mayotte", "2027-02-03T07:00Z"),
        ("2027-02-04T18:00", "Europe/Paris", "2027-02-03T09:00Z"),
        ("2027-03-28T18:00", "Europe/Paris", "2027-03-27T09:00Z"),
        ("2027-03-29T18:00", "Europe/Paris", "2027-03-28T08:00Z"),
        ("2027-03-15T18:00", "America/Miquelon", "2027-03-14T12:00Z"),
        ("2027-11-07T18:00", "America/Miquelon", "2027-11-06T12:00Z"),
        ("2027-02-04T09:00", "Pacific/Marquesas", "2027-02-03T19:30Z"),
        ("2027-02-04T09:00", "Pacific/Wallis", "2027-02-02T22:00Z"),
    ],
)
def test_it_is_due_the_day_before_at_ten_where_the_venue_is(starts: str, zone: str, due: str) -> None:
    assert moment(occasion(starts, zone), hour=TEN) == datetime.fromisoformat(due)


def test_it_is_due_from_its_hour_on() -> None:
    hour = moment(occasion(), hour=TEN)
    assert not is_due(occasion(), hour=TEN, now=hour - timedelta(seconds=1))
    assert is_due(occasion(), hour=TEN, now=hour)


def test_a_date_announced_after_the_hour_needs_no_reminder() -> None:
    hour = moment(occasion(), hour=TEN)
    late = Occasion(named("meetup"), occasion().starts_local, "Indian/Mayotte", hour + timedelta(seconds=1))
    assert not is_due(late, hour=TEN, now=hour + timedelta(hours=1))


def test_whoever_confirmed_in_the_last_day_remembers_without() -> None:
    assert confirmed_by(occasion(), hour=TEN) == datetime(2027, 2, 2, 7, tzinfo=UTC)


def test_it_holds_for_its_day_and_until_people_are_on_their_way() -> None:
    state = meetup()
    day, last = state.starts_local.date(), state.starts_at - LATEST
    assert still_holds(state, day=day, now=last)
    assert not still_holds(state, day=day, now=last + timedelta(seconds=1))
    assert not still_holds(moved(state), day=day, now=last)
    assert not still_holds(meetup(status="cancelled"), day=day, now=last)


@pytest.mark.parametrize("hour", [time(0), TEN, time(23, 59)])
@pytest.mark.parametrize("starts", ["2027-02-04T00:00", "2027-02-04T23:59", "2027-03-28T23:59", "2027-10-31T23:59"])
def test_nothing_is_due_beyond_the_horizon(starts: str, hour: time) -> None:
    at = occasion(starts, "Europe/Paris")
    starts_at = at.starts_local.replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)
    assert starts_at - moment(at, hour=hour) <= HORIZON


def test_there_is_one_id_for_a_registration_and_a_day() -> None:
    def made(at: Occasion, who: str = "zaina") -> object:
        notice = reminder(at, registration_id=named(who), person_id=named(who), now=NOW, trace={})
        assert notice.kind is Kind.REMINDER
        return notice.event_id

    assert made(occasion()) == made(occasion("2027-02-04T18:00"))
    assert len({made(occasion()), made(occasion("2027-02-11T09:00")), made(occasion(), "ali")}) == 3
