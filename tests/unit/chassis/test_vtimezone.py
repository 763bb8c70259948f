"""What the rules of a zone say, read back by icalendar, is what the zone's own data say: in the very nights of a change as well."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from icalendar import Timezone

from chassis.vtimezone import vtimezone
from contracts.territories import TERRITORIES

ZONES = sorted({zone for territory in TERRITORIES.values() for zone in territory.timezones})
ONSETS = {
    "Europe/Paris": ("2027-03-28T01:00Z", "2027-10-31T01:00Z"),
    "America/Miquelon": ("2027-03-14T05:00Z", "2027-11-07T04:00Z"),
}


@pytest.mark.parametrize("zone", ZONES)
def test_every_week_of_three_years_has_its_offset(zone: str) -> None:
    rules = _read(zone)
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for moment in (start + timedelta(days=7 * week) for week in range(156)):
        assert moment.astimezone(rules).utcoffset() == moment.astimezone(ZoneInfo(zone)).utcoffset()


@pytest.mark.parametrize("zone", ONSETS)
def test_the_night_of_a_change_is_right_to_the_minute(zone: str) -> None:
    real, rules = ZoneInfo(zone), _read(zone)
    for onset in map(datetime.fromisoformat, ONSETS[zone]):
        assert (onset - timedelta(minutes=1)).astimezone(real).utcoffset() != onset.astimezone(real).utcoffset()
        for minutes in range(-180, 181):
            moment = onset + timedelta(minutes=minutes)
            assert moment.astimezone(rules).replace(tzinfo=None) == moment.astimezone(real).replace(tzinfo=None), moment


def test_a_change_is_told_in_the_local_time_that_it_ends() -> None:
    paris = vtimezone("Europe/Paris", 2027).decode()
    assert "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\n" in paris
    assert "BEGIN:STANDARD\r\nDTSTART:20271031T030000\r\n" in paris
    miquelon = vtimezone("America/Miquelon", 2027).decode()
    assert "BEGIN:DAYLIGHT\r\nDTSTART:20270314T020000\r\n" in miquelon
    assert "BEGIN:STANDARD\r\nDTSTART:20271107T020000\r\n" in miquelon


def test_a_place_that_changes_no_clock_has_one_rule() -> None:
    assert vtimezone("Pacific/Marquesas", 2027).decode() == (
        "BEGIN:VTIMEZONE\r\nTZID:Pacific/Marquesas\r\n"
        "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZNAME:-0930\r\nTZOFFSETFROM:-0930\r\nTZOFFSETTO:-0930\r\nEND:STANDARD\r\n"
        "END:VTIMEZONE\r\n"
    )


def _read(zone: str) -> tzinfo:
    timezone = Timezone.from_ical(vtimezone(zone, 2027))
    assert isinstance(timezone, Timezone)
    rules = timezone.to_tz(lookup_tzid=False)
    assert isinstance(rules, tzinfo)
    return rules
