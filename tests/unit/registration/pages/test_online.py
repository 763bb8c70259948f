"""A meetup that is nowhere but online sends nobody to a street: not on its page, not in a list, not in a diary, not on a ticket."""

from dataclasses import replace

import pytest

from services.registration.pages.calendar import calendar_file
from services.registration.pages.catalogue import catalogues
from tests.unit.registration.pages.gallery import MAMOUDZOU, every_page

ONLINE = replace(MAMOUDZOU, attendance_mode="online")


@pytest.mark.parametrize("language", catalogues())
def test_its_pages_name_no_venue_and_say_that_it_is_online(language: str) -> None:
    texts = catalogues()[language]
    shown = every_page(texts)
    for name in ("meetup-online", "confirmed-all-online", "ticket-online-with-address"):
        assert ONLINE.address not in shown[name], name
        assert f"<strong>{texts.text('registration.online')}</strong>" in shown[name]
    assert ONLINE.address in shown["meetup-open"]
    assert texts.text("form.access_needs") not in shown["meetup-online"]
    assert texts.text("form.access_needs_online") in shown["meetup-online"]


def test_a_diary_says_so_too() -> None:
    entry = calendar_file(ONLINE, catalogues()["fr"], url="https://rencontres.example/rencontres/x").decode()
    assert "LOCATION:En ligne\r\n" in entry


def test_the_ticket_says_where_to_join_and_has_nothing_where_a_code_would_be() -> None:
    shown = every_page(catalogues()["fr"])
    assert 'class="address"' in shown["ticket-online-with-address"]
    assert 'class="stub"' in shown["ticket"]
    assert 'class="stub"' not in shown["ticket-online"]
