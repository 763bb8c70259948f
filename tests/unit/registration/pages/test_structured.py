"""A meetup as schema.org data: what search engines read holds, and what organisers typed stays a text."""

import json
import re
from dataclasses import replace
from datetime import datetime

import pytest

from services.registration.pages.catalogue import catalogues
from services.registration.pages.structured import json_ld
from services.registration.pages.views import Meetup, Seats
from tests.unit.registration.pages.gallery import LILLE, MAMOUDZOU, TAIOHAE, every_page
from tests.unit.registration.pages.schema_org import Event

DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
URL = "https://rencontres.example/rencontres/x"


def _read(meetup: Meetup) -> dict[str, object]:
    found: dict[str, object] = json.loads(json_ld(meetup, url=URL))
    return found


@pytest.mark.parametrize(
    ("meetup", "starts"),
    [
        (MAMOUDZOU, "2027-02-04T09:00+03:00"),
        (TAIOHAE, "2027-02-09T08:00-09:30"),
        (LILLE, "2027-03-01T18:00+01:00"),
        (replace(LILLE, starts=datetime(2027, 7, 1, 18), ends=datetime(2027, 7, 1, 20)), "2027-07-01T18:00+02:00"),  # noqa: DTZ001
    ],
)
def test_the_start_carries_the_offset_of_the_venue_on_that_day(meetup: Meetup, starts: str) -> None:
    assert _read(meetup)["startDate"] == starts


def test_a_title_cannot_end_the_element_nor_open_a_comment() -> None:
    title = "</script><script>alert(1)</script><!-- & \u2028 « guillemets »"
    written = json_ld(replace(MAMOUDZOU, title=title), url=URL)
    assert not set("<>&\u2028") & set(written)
    assert json.loads(written)["name"] == title


def test_a_move_names_the_start_it_had() -> None:
    moved = _read(replace(LILLE, stood=datetime(2027, 2, 1, 18), stood_zone="Europe/Paris"))  # noqa: DTZ001
    assert moved["eventStatus"] == "https://schema.org/EventRescheduled"
    assert moved["previousStartDate"] == "2027-02-01T18:00+01:00"


def test_what_was_called_off_says_so_and_offers_nothing() -> None:
    cancelled = _read(replace(LILLE, seats=Seats(availability="cancelled")))
    assert cancelled["eventStatus"] == "https://schema.org/EventCancelled"
    assert "offers" not in cancelled


def test_a_full_meetup_is_sold_out_and_polynesia_counts_in_francs() -> None:
    offers = _read(TAIOHAE)["offers"]
    assert isinstance(offers, dict)
    assert offers["availability"] == "https://schema.org/SoldOut"
    assert (offers["price"], offers["priceCurrency"]) == ("0", "XPF")


def test_a_hybrid_meetup_is_in_a_place_and_on_a_screen() -> None:
    hybrid = _read(LILLE)
    assert hybrid["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert isinstance(hybrid["location"], list)
    assert [place["@type"] for place in hybrid["location"]] == ["Place", "VirtualLocation"]


@pytest.mark.parametrize("language", catalogues())
def test_every_page_of_a_meetup_says_a_whole_event_once(language: str) -> None:
    pages = every_page(catalogues()[language])
    said = {name: DATA.findall(html) for name, html in pages.items()}
    about = {
        name for name, html in pages.items() if 'property="og:type"' in html and name.startswith(("meetup", "form"))
    }
    assert {name for name, found in said.items() if found} == about
    for name in about:
        [data] = said[name]
        event = Event.model_validate_json(data)
        assert event.start_date < event.end_date, name
