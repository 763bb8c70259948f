"""Every territory where a meetup can be held is there, under its right name and with its own clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from contracts.fact import Code
from contracts.territories import LEFT_OUT, REGIONS, SOURCE, TERRITORIES, Territory
from contracts.vocabularies import FIRM_REGISTERS

every_territory = pytest.mark.parametrize("territory", TERRITORIES.values(), ids=lambda territory: territory.code)


def test_all_101_departments_and_the_inhabited_collectivities_are_there() -> None:
    levels = [territory.level for territory in TERRITORIES.values()]
    assert (levels.count("department"), levels.count("collectivity")) == (101, 6)
    metropolitan = {f"{number:02}" for number in range(1, 96) if number != 20} | {"2A", "2B"}
    assert set(TERRITORIES) - metropolitan == {
        "971",
        "972",
        "973",
        "974",
        "975",
        "976",
        "977",
        "978",
        "986",
        "987",
        "988",
    }
    assert {left_out.code: bool(left_out.reason) for left_out in LEFT_OUT} == {"984": True, "989": True}


def test_there_are_18_regions_and_no_region_code_is_a_department_code() -> None:
    assert sum(code.startswith("R") for code in REGIONS) == 18
    assert REGIONS.keys().isdisjoint(TERRITORIES)
    assert TERRITORIES["01"].name == "Ain"
    assert REGIONS[TERRITORIES["971"].region].code == "R01"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("21", "Côte-d’Or"),
        ("22", "Côtes-d’Armor"),
        ("2A", "Corse-du-Sud"),
        ("54", "Meurthe-et-Moselle"),
        ("90", "Territoire de Belfort"),
        ("95", "Val-d’Oise"),
        ("974", "La Réunion"),
        ("975", "Saint-Pierre-et-Miquelon"),
        ("977", "Saint-Barthélemy"),
        ("987", "Polynésie française"),
        ("988", "Nouvelle-Calédonie"),
    ],
)
def test_names_are_written_as_the_french_write_them(code: str, name: str) -> None:
    assert TERRITORIES[code].name == name


@every_territory
def test_a_territory_can_be_used_as_it_stands(territory: Territory) -> None:
    assert TypeAdapter(Code).validate_python(territory.code)
    assert territory.region in REGIONS
    assert territory.firm_register in FIRM_REGISTERS
    assert [ZoneInfo(zone).key for zone in territory.timezones] == list(territory.timezones)
    assert territory.timezone == territory.timezones[0]
    assert territory.overseas == territory.code.startswith(("97", "98"))
    assert "'" not in territory.name


def test_french_polynesia_has_three_clocks_and_everybody_else_one() -> None:
    several = {
        territory.code: len(territory.timezones) for territory in TERRITORIES.values() if len(territory.timezones) > 1
    }
    assert several == {"987": 3}


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (
            "2027-01-14",
            {
                "975": "06:00",
                "973": "06:00",
                "971": "05:00",
                "976": "12:00",
                "974": "13:00",
                "986": "21:00",
                "988": "20:00",
            },
        ),
        (
            "2027-03-18",
            {
                "975": "07:00",
                "973": "06:00",
                "978": "05:00",
                "976": "12:00",
                "974": "13:00",
                "986": "21:00",
                "988": "20:00",
            },
        ),
        (
            "2027-07-15",
            {
                "975": "06:00",
                "973": "05:00",
                "977": "04:00",
                "976": "11:00",
                "974": "12:00",
                "986": "20:00",
                "988": "19:00",
            },
        ),
    ],
)
def test_ten_in_paris_is_another_hour_overseas(day: str, hours: dict[str, str]) -> None:
    moment = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZoneInfo(TERRITORIES["75"].timezone))
    shown = {code: f"{moment.astimezone(ZoneInfo(TERRITORIES[code].timezone)):%H:%M}" for code in hours}
    assert shown == hours


def test_the_three_clocks_of_polynesia_stand_half_an_hour_apart() -> None:
    moment = datetime.fromisoformat("2027-01-14T10:00+01:00")
    shown = [f"{moment.astimezone(ZoneInfo(zone)):%d %H:%M}" for zone in TERRITORIES["987"].timezones]
    assert shown == ["13 23:00", "13 23:30", "14 00:00"]


def test_the_pacific_pays_in_francs_and_keeps_its_own_registers() -> None:
    assert {code for code, territory in TERRITORIES.items() if territory.currency == "XPF"} == {"986", "987", "988"}
    registers = {
        code: territory.firm_register for code, territory in TERRITORIES.items() if territory.firm_register != "sirene"
    }
    assert registers == {"986": "wallis", "987": "tahiti", "988": "ridet"}


def test_the_law_on_personal_data_is_worded_otherwise_where_the_union_ends() -> None:
    assert {code for code, territory in TERRITORIES.items() if territory.adapted_law} == {
        "975",
        "977",
        "986",
        "987",
        "988",
    }


def test_the_source_is_told_with_its_licence() -> None:
    assert "2026" in SOURCE.title
    assert SOURCE.licence.startswith("Licence Ouverte")
