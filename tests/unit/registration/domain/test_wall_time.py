"""Wall times of venues all over the territory; the vectors are those of a webinar at 10:00 in Paris."""

from datetime import UTC, datetime

import pytest

from contracts.territories import TERRITORIES
from services.registration.domain.refusals import NoSuchWallTime, ZoneOutsideTerritory
from services.registration.domain.wall_time import instant_of, zone_of


@pytest.mark.parametrize(
    ("wall", "zone", "utc"),
    [
        ("2027-01-14T10:00", "Europe/Paris", "2027-01-14T09:00"),
        ("2027-01-14T06:00", "America/Miquelon", "2027-01-14T09:00"),
        ("2027-03-18T07:00", "America/Miquelon", "2027-03-18T09:00"),
        ("2027-03-18T06:00", "America/Cayenne", "2027-03-18T09:00"),
        ("2027-07-15T04:00", "America/Martinique", "2027-07-15T08:00"),
        ("2027-07-15T11:00", "Indian/Mayotte", "2027-07-15T08:00"),
        ("2027-07-15T12:00", "Indian/Reunion", "2027-07-15T08:00"),
        ("2027-07-15T20:00", "Pacific/Wallis", "2027-07-15T08:00"),
        ("2027-07-15T19:00", "Pacific/Noumea", "2027-07-15T08:00"),
        ("2027-01-13T23:00", "Pacific/Tahiti", "2027-01-14T09:00"),
        ("2027-07-14T22:30", "Pacific/Marquesas", "2027-07-15T08:00"),
        ("2027-01-14T00:00", "Pacific/Gambier", "2027-01-14T09:00"),
    ],
)
def test_the_same_instant_everywhere(wall: str, zone: str, utc: str) -> None:
    expected = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert instant_of(datetime.fromisoformat(wall), zone=zone) == expected


@pytest.mark.parametrize(
    ("wall", "zone"), [("2027-03-28T02:30", "Europe/Paris"), ("2027-03-14T02:00", "America/Miquelon")]
)
def test_an_hour_that_clocks_skip_is_refused(wall: str, zone: str) -> None:
    with pytest.raises(NoSuchWallTime):
        instant_of(datetime.fromisoformat(wall), zone=zone)


@pytest.mark.parametrize("fold", [0, 1])
def test_an_hour_that_comes_twice_is_the_first(fold: int) -> None:
    wall = datetime(2027, 10, 31, 2, 30, fold=fold)  # noqa: DTZ001 - a wall time has no offset
    assert instant_of(wall, zone="Europe/Paris") == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_venue_is_in_a_zone_of_its_territory() -> None:
    assert zone_of("987", None) == "Pacific/Tahiti"
    assert zone_of("987", "Pacific/Marquesas") == "Pacific/Marquesas"
    assert zone_of("976", None) == "Indian/Mayotte"
    with pytest.raises(ZoneOutsideTerritory):
        zone_of("976", "Europe/Paris")


@pytest.mark.parametrize("code", TERRITORIES)
def test_every_territory_can_hold_a_meetup_at_six_in_the_evening(code: str) -> None:
    wall = datetime(2027, 6, 17, 18)  # noqa: DTZ001 - a wall time has no offset
    assert instant_of(wall, zone=zone_of(code, None)).tzinfo is UTC
