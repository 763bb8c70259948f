"""The made-up programme: everywhere, every month, the same on every run, and nobody real in it."""

from datetime import date
from zoneinfo import ZoneInfo

from contracts.territories import TERRITORIES
from contracts.vocabularies import AUDIENCES, FORMATS, LEVELS, NEEDS, ORGANISER_KINDS, SECTORS
from services.registration.demo_programme.generator import MARK, meetups, organisations
from services.registration.demo_programme.monthly_rule import MonthlyRule, months_from

TODAY = date(2026, 11, 23)
MEETUPS = meetups(today=TODAY, months=3)


def test_every_territory_meets_every_month() -> None:
    held = {(meetup.territory, meetup.starts_local.month) for meetup in MEETUPS}
    assert {(code, month) for code in TERRITORIES for month in (12, 1, 2)} <= held


def test_the_same_day_gives_the_same_programme_and_the_next_day_no_other_meetup() -> None:
    assert meetups(today=TODAY, months=3) == MEETUPS
    assert set(meetups(today=date(2026, 12, 5), months=2)) <= set(MEETUPS)


def test_ids_and_slugs_are_unique() -> None:
    assert len({meetup.id for meetup in MEETUPS}) == len({meetup.slug for meetup in MEETUPS}) == len(MEETUPS)


def test_polynesia_meets_in_each_of_its_three_zones() -> None:
    zones = {meetup.timezone for meetup in MEETUPS if meetup.territory == "987"}
    assert zones == {"Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier"}


def test_hours_are_humane_and_zones_are_of_the_territory() -> None:
    for meetup in MEETUPS:
        assert 8 <= meetup.starts_local.hour <= 18, meetup
        assert meetup.starts_local.date() == meetup.ends_local.date()
        assert meetup.timezone in TERRITORIES[meetup.territory].timezones
        assert ZoneInfo(meetup.timezone).key == meetup.timezone


def test_places_and_organisers_say_that_they_are_made_up() -> None:
    assert all("(adresse fictive)" in meetup.venue_address for meetup in MEETUPS)
    assert all(
        MARK in organisation.name and organisation.email.endswith(".example") for organisation in organisations()
    )


def test_codes_are_those_of_the_vocabularies() -> None:
    assert {meetup.format for meetup in MEETUPS} <= set(FORMATS)
    assert {organisation.kind for organisation in organisations()} <= set(ORGANISER_KINDS)
    assert all(20 <= meetup.capacity <= 300 for meetup in MEETUPS)
    facets = [meetup.facets for meetup in MEETUPS]
    assert {code for each in facets for code in each.audiences} <= set(AUDIENCES)
    assert {each.level for each in facets} == set(LEVELS)
    assert {code for each in facets for code in each.sectors} <= set(SECTORS)
    assert {code for each in facets for code in each.needs} == set(NEEDS)


def test_some_meetups_can_be_attended_from_anywhere() -> None:
    assert {meetup.attendance_mode for meetup in MEETUPS} == {"onsite", "online", "hybrid"}
    assert all((meetup.attendance_mode == "online") == (meetup.venue_name == "En ligne") for meetup in MEETUPS)


def test_french_texts_are_set_with_narrow_spaces() -> None:
    for meetup in MEETUPS:
        for text in (meetup.title, meetup.description, meetup.venue_name):
            assert not any(wrong in text for wrong in (" ?", " !", " :", " ;", "'")), text


def test_a_holiday_puts_the_meetup_off_by_a_week() -> None:
    assert MonthlyRule(ordinal=1, weekday=3).day(2027, 5) == date(2027, 5, 13)  # Ascension is 6 May 2027
    assert MonthlyRule(ordinal=1, weekday=3).day(2027, 2) == date(2027, 2, 4)


def test_months_go_over_the_year() -> None:
    assert months_from(date(2026, 11, 30), 3) == [(2026, 11), (2026, 12), (2027, 1)]
