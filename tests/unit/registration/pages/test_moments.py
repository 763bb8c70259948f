"""The time-zone vectors of the network: the clock of the place always stands beside the hour."""

from datetime import UTC, datetime

import pytest

from services.registration.pages import moments
from services.registration.pages.catalogue import catalogues

FR, EN = catalogues()["fr"], catalogues()["en"]


def _wall(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - a wall time


def test_mamoudzou_reads_its_own_hour() -> None:
    starts, ends = _wall(2027, 2, 4, 9, 0), _wall(2027, 2, 4, 11, 0)
    assert (
        moments.span(starts, ends, "Indian/Mayotte", FR) == "jeudi 4 février 2027, de 09:00 à 11:00, heure de Mayotte"
    )
    assert (
        moments.span(starts, ends, "Indian/Mayotte", EN)
        == "Thursday 4 February 2027, from 09:00 to 11:00, Mayotte time"
    )


def test_the_first_of_the_month_is_an_ordinal_in_french_alone() -> None:
    assert moments.day(_wall(2027, 1, 1), FR) == "vendredi 1er janvier 2027"
    assert moments.day(_wall(2027, 1, 11), FR) == "lundi 11 janvier 2027"
    assert moments.day(_wall(2027, 1, 1), EN) == "Friday 1 January 2027"


@pytest.mark.parametrize(
    ("utc", "zone", "shown"),
    [
        ("2027-01-14T09:00Z", "America/Miquelon", "jeudi 14 janvier 2027 à 06:00, heure de Saint-Pierre-et-Miquelon"),
        ("2027-03-18T09:00Z", "America/Miquelon", "jeudi 18 mars 2027 à 07:00, heure de Saint-Pierre-et-Miquelon"),
        ("2027-07-15T08:00Z", "America/Miquelon", "jeudi 15 juillet 2027 à 06:00, heure de Saint-Pierre-et-Miquelon"),
        ("2027-01-14T09:00Z", "Pacific/Tahiti", "mercredi 13 janvier 2027 à 23:00, heure de Tahiti"),
        ("2027-01-14T09:00Z", "Pacific/Marquesas", "mercredi 13 janvier 2027 à 23:30, heure des Marquises"),
        ("2027-01-14T09:00Z", "Pacific/Gambier", "jeudi 14 janvier 2027 à 00:00, heure des Gambier"),
        ("2027-07-15T08:00Z", "Pacific/Gambier", "mercredi 14 juillet 2027 à 23:00, heure des Gambier"),
        ("2027-01-14T09:00Z", "Pacific/Noumea", "jeudi 14 janvier 2027 à 20:00, heure de Nouvelle-Calédonie"),
        ("2027-07-15T08:00Z", "Europe/Paris", "jeudi 15 juillet 2027 à 10:00, heure de Paris"),
    ],
)
def test_an_instant_is_told_by_the_clock_of_the_venue(utc: str, zone: str, shown: str) -> None:
    assert moments.instant(datetime.fromisoformat(utc).astimezone(UTC), zone, FR) == shown


def test_past_midnight_both_days_are_told() -> None:
    shown = moments.span(_wall(2027, 2, 4, 22, 0), _wall(2027, 2, 5, 1, 0), "Indian/Reunion", FR)
    assert shown == "du jeudi 4 février 2027 22:00 au vendredi 5 février 2027 01:00, heure de La Réunion"


def test_a_zone_without_a_text_is_named_all_the_same() -> None:
    assert "Lisbonne" in moments.clock("Europe/Lisbon", FR) or "Portugal" in moments.clock("Europe/Lisbon", FR)


@pytest.mark.parametrize(
    ("day", "there", "also"),
    [
        ((2027, 1, 14), "America/Miquelon", "soit de 06:00 à 08:00, heure de Saint-Pierre-et-Miquelon"),
        ((2027, 3, 18), "America/Miquelon", "soit de 07:00 à 09:00, heure de Saint-Pierre-et-Miquelon"),
        ((2027, 1, 14), "Indian/Mayotte", "soit de 12:00 à 14:00, heure de Mayotte"),
        ((2027, 1, 14), "Pacific/Gambier", "soit de 00:00 à 02:00, heure des Gambier"),
        (
            (2027, 1, 14),
            "Pacific/Marquesas",
            "soit du mercredi 13 janvier 2027 23:30 au jeudi 14 janvier 2027 01:30, heure des Marquises",
        ),
        (
            (2027, 7, 15),
            "Pacific/Tahiti",
            "soit du mercredi 14 juillet 2027 22:00 au jeudi 15 juillet 2027 00:00, heure de Tahiti",
        ),
    ],
)
def test_the_visitors_clock_stands_beside_that_of_the_venue(day: tuple[int, int, int], there: str, also: str) -> None:
    starts, ends = _wall(*day, 10, 0), _wall(*day, 12, 0)
    assert moments.also(starts, ends, "Europe/Paris", there, FR) == also


@pytest.mark.parametrize("there", [None, "Europe/Paris"])
def test_the_same_hour_is_not_told_twice(there: str | None) -> None:
    assert moments.also(_wall(2027, 1, 14, 10), _wall(2027, 1, 14, 12), "Europe/Paris", there, FR) is None


def test_two_clocks_that_agree_on_the_day_are_one() -> None:
    assert (
        moments.also(_wall(2027, 1, 14, 10), _wall(2027, 1, 14, 12), "America/Guadeloupe", "America/Martinique", FR)
        is None
    )
