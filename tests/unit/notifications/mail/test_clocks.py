"""A webinar at ten in Paris, read in every territory: the hour and the day of the reader's own clock, in mail and in the calendar part."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contracts.fact import Locale
from services.notifications.domain.notices import Kind
from services.notifications.mail import moments
from services.notifications.mail.rendering import render
from tests.fixtures.letters import COMPOSER, letter
from tests.fixtures.notifying import meetup

DAYS = ("2027-01-14", "2027-03-18", "2027-07-15")
SHOWN: dict[str, tuple[str, str, str]] = {
    "America/Miquelon": ("06:00", "07:00", "06:00"),
    "America/Cayenne": ("06:00", "06:00", "05:00"),
    "America/Martinique": ("05:00", "05:00", "04:00"),
    "Indian/Mayotte": ("12:00", "12:00", "11:00"),
    "Indian/Reunion": ("13:00", "13:00", "12:00"),
    "Pacific/Wallis": ("21:00", "21:00", "20:00"),
    "Pacific/Noumea": ("20:00", "20:00", "19:00"),
    "Pacific/Tahiti": ("mercredi 13 janvier à 23:00", "mercredi 17 mars à 23:00", "mercredi 14 juillet à 22:00"),
    "Pacific/Marquesas": ("mercredi 13 janvier à 23:30", "mercredi 17 mars à 23:30", "mercredi 14 juillet à 22:30"),
    "Pacific/Gambier": ("00:00", "00:00", "mercredi 14 juillet à 23:00"),
}
"""Of `reference` vectors: a webinar at 10:00 in Paris, on each of the days."""

VECTORS = [(zone, day, shown) for zone, hours in SHOWN.items() for day, shown in zip(DAYS, hours, strict=True)]


def webinar(day: str, zone: str | None, locale: Locale = "fr") -> str:
    starts = datetime.fromisoformat(f"{day}T10:00")
    return moments.span(starts, starts + timedelta(hours=2), "Europe/Paris", locale, own=zone).whole


@pytest.mark.parametrize(("zone", "day", "shown"), VECTORS)
def test_a_reader_elsewhere_reads_both_clocks(zone: str, day: str, shown: str) -> None:
    told = webinar(day, zone)
    assert "de 10:00 à 12:00, heure de Paris (début " in told
    assert f"{shown} chez vous, {moments.clock(zone, 'fr')})" in told


@pytest.mark.parametrize("zone", [None, "Europe/Paris", "Europe/Brussels"])
def test_a_reader_whose_clock_shows_the_same_reads_one(zone: str | None) -> None:
    assert webinar("2027-01-14", zone) == "jeudi 14 janvier 2027, de 10:00 à 12:00, heure de Paris"


def test_the_weeks_in_which_one_side_has_changed_its_clock_and_the_other_has_not() -> None:
    assert "début à 06:00 chez vous" in webinar("2027-03-11", "America/Miquelon")
    assert "début à 07:00 chez vous" in webinar("2027-03-18", "America/Miquelon")
    assert "début à 06:00 chez vous" in webinar("2027-04-01", "America/Miquelon")
    assert "début à 07:00 chez vous" in webinar("2027-11-04", "America/Miquelon")


def test_english_says_the_same() -> None:
    assert webinar("2027-03-18", "Indian/Mayotte", "en").endswith("(starts at 12:00 where you are, Mayotte time)")
    assert "(starts Wednesday 17 March at 23:00 where you are, Tahiti time)" in webinar(
        "2027-03-18", "Pacific/Tahiti", "en"
    )


def test_a_deadline_has_two_clocks_as_well() -> None:
    ends = datetime.fromisoformat("2027-03-18T09:00+00:00")
    assert moments.instant(ends, "Europe/Paris", "fr", own="Indian/Mayotte") == (
        "jeudi 18 mars 2027 à 10:00, heure de Paris (12:00 chez vous, heure de Mayotte)"
    )


def test_the_mail_shows_the_clock_of_the_registration() -> None:
    starts = datetime.fromisoformat("2027-01-14T10:00")
    paris = meetup(
        timezone="Europe/Paris",
        starts_local=starts,
        ends_local=starts + timedelta(hours=2),
        starts_at=starts.replace(tzinfo=ZoneInfo("Europe/Paris")),
    )
    said = render(letter(Kind.SEAT_CONFIRMED, about=paris, timezone="Pacific/Tahiti"), COMPOSER.links)
    assert "mercredi 13 janvier à 23:00 chez vous, heure de Tahiti)" in " ".join(said.text.split())
