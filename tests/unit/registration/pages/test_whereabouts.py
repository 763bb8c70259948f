"""Where a visitor says to be: codes of territories, their zones where they have several, and nothing else."""

import pytest

from contracts.territories import TERRITORIES
from services.registration.pages import whereabouts
from services.registration.pages.catalogue import catalogues
from services.registration.pages.visits import Visit

FR = catalogues()["fr"]


@pytest.mark.parametrize(
    ("chez", "zone"),
    [
        ("976", "Indian/Mayotte"),
        ("2A", "Europe/Paris"),
        ("FR", "Europe/Paris"),
        ("987", "Pacific/Tahiti"),
        ("987.Pacific/Marquesas", "Pacific/Marquesas"),
        ("987.Pacific/Gambier", "Pacific/Gambier"),
        ("987.Europe/Paris", None),
        ("97600", None),
        ("976.", "Indian/Mayotte"),
        ("", None),
        ("Pacific/Tahiti", None),
        ("<script>", None),
        ("976\x00", None),
    ],
)
def test_a_place_has_a_clock_and_anything_else_has_none(chez: str, zone: str | None) -> None:
    assert whereabouts.clock_of(chez) == zone


def test_every_clock_of_the_network_can_be_chosen_once() -> None:
    chosen = [whereabouts.clock_of(choice.code) for choice in whereabouts.choices(FR)]
    assert len(chosen) == len(set(chosen))
    assert set(chosen) == {zone for territory in TERRITORIES.values() for zone in territory.timezones}


def test_every_link_carries_on_where_the_visitor_is() -> None:
    visit = Visit(FR, "/", "987.Pacific/Marquesas")
    assert visit.at("/rencontres/x") == "/rencontres/x?chez=987.Pacific/Marquesas"
    assert visit.at("/inscriptions/R-1", token="t") == "/inscriptions/R-1?token=t&chez=987.Pacific/Marquesas"
    assert Visit(FR, "/").at("/rencontres/x") == "/rencontres/x"
    assert visit.living("976") is visit
    assert Visit(FR, "/").living("976").clock == "Indian/Mayotte"
