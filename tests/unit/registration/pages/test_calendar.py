"""The calendar file of a meetup, read back by a parser: the venue's hour, one stable UID, times as they are anywhere on Earth."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from icalendar import Calendar, Event

from services.registration.pages.calendar import calendar_file
from services.registration.pages.catalogue import catalogues
from services.registration.pages.views import Meetup, Seats
from tests.unit.registration.pages.gallery import LILLE, MAMOUDZOU, TAIOHAE

FR = catalogues()["fr"]


def _read(meetup: Meetup) -> tuple[Calendar, Event]:
    content = calendar_file(meetup, FR, url="https://rencontres.example/rencontres/x")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    return calendar, event


@pytest.mark.parametrize(
    ("meetup", "utc"),
    [
        (MAMOUDZOU, datetime(2027, 2, 4, 6, 0, tzinfo=UTC)),
        (TAIOHAE, datetime(2027, 2, 9, 17, 30, tzinfo=UTC)),
        (LILLE, datetime(2027, 3, 1, 17, 0, tzinfo=UTC)),
        (replace(LILLE, zone="America/Miquelon"), datetime(2027, 3, 1, 21, 0, tzinfo=UTC)),
    ],
)
def test_the_instant_is_right_and_the_zone_comes_with_its_rules(meetup: Meetup, utc: datetime) -> None:
    calendar, event = _read(meetup)
    assert isinstance(event.start, datetime)
    assert event.start.astimezone(UTC) == utc
    assert event["DTSTART"].params["TZID"] == meetup.zone
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == [meetup.zone]


def test_it_is_published_under_a_uid_that_stays() -> None:
    calendar, event = _read(MAMOUDZOU)
    assert calendar["METHOD"] == "PUBLISH"
    assert event["UID"] == f"{MAMOUDZOU.id}@rencontres"
    assert event["SEQUENCE"] == 1
    assert event["ORGANIZER"].params["CN"] == "CCI Mayotte (démonstration)"
    assert "Démonstration\u202f: cette rencontre est inventée." in str(event["DESCRIPTION"])


def test_a_cancelled_meetup_says_so() -> None:
    _, event = _read(replace(MAMOUDZOU, seats=Seats(availability="cancelled")))
    assert event["STATUS"] == "CANCELLED"
