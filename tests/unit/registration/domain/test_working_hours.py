"""Offers of seats end while people are at work, where they live."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.territories import TERRITORIES
from services.registration.domain.working_hours import CLOSES, OPENS, offer_end
from services.registration.public_holidays import days_off

FAR = datetime(2099, 1, 1, tzinfo=UTC)
DAY = timedelta(hours=24)


def end(made: str, *, territory: str = "976", timezone: str = "Indian/Mayotte", starts_at: datetime = FAR) -> str:
    zone = ZoneInfo(timezone)
    now = datetime.fromisoformat(made).replace(tzinfo=zone).astimezone(UTC)
    ends = offer_end(now, span=DAY, timezone=timezone, days_off=days_off(territory), starts_at=starts_at)
    return ends.astimezone(zone).strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("made", "ends"),
    [
        ("2027-03-16T10:00", "Wed 2027-03-17 10:00"),
        ("2027-03-16T20:30", "Thu 2027-03-18 12:00"),  # half past eight in the evening
        ("2027-03-16T03:00", "Wed 2027-03-17 12:00"),  # three in the morning
        ("2027-03-18T21:00", "Mon 2027-03-22 12:00"),  # Friday night
        ("2027-03-19T10:00", "Mon 2027-03-22 12:00"),  # a Saturday
        ("2027-04-26T10:00", "Wed 2027-04-28 12:00"),  # 27 April: end of slavery in Mayotte
        ("2026-12-31T10:00", "Mon 2027-01-04 12:00"),  # New Year, then a weekend
    ],
)
def test_an_offer_ends_in_working_hours_of_the_territory(made: str, ends: str) -> None:
    assert end(made) == ends


def test_a_holiday_is_one_where_it_is_one() -> None:
    good_friday = "2027-03-25T10:00"
    assert end(good_friday, territory="67", timezone="Europe/Paris") == "Tue 2027-03-30 12:00"
    assert end(good_friday, territory="75", timezone="Europe/Paris") == "Fri 2027-03-26 10:00"


def test_hours_are_those_of_the_marquesas_in_the_marquesas() -> None:
    assert end("2027-03-15T09:00", territory="987", timezone="Pacific/Marquesas") == "Tue 2027-03-16 09:00"


def test_no_offer_outlives_the_start_be_it_sunday() -> None:
    sunday = datetime(2027, 3, 21, 7, tzinfo=UTC)
    assert end("2027-03-20T10:00", starts_at=sunday) == "Sun 2027-03-21 10:00"


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
    st.sampled_from(sorted(TERRITORIES)),
    st.integers(1, 200),
)
def test_whatever_the_moment_an_offer_lasts_a_day_and_ends_when_people_work(
    now: datetime, code: str, left: int
) -> None:
    territory = TERRITORIES[code]
    starts_at = now + timedelta(hours=left)
    for timezone in territory.timezones:
        ends = offer_end(now, span=DAY, timezone=timezone, days_off=days_off(code), starts_at=starts_at)
        assert ends <= starts_at
        if ends == starts_at:
            continue
        wall = ends.astimezone(ZoneInfo(timezone))
        assert now + DAY <= ends <= now + timedelta(days=8)
        assert wall.weekday() < 5
        assert wall.date() not in days_off(code)
        assert OPENS <= wall.time() <= CLOSES


def test_public_holidays_are_known_for_every_territory() -> None:
    assert all(date(2027, 7, 14) in days_off(code) for code in TERRITORIES)
