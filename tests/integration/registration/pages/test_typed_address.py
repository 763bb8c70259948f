"""After the form the typed address is read again, by whoever typed it alone, and it tells nothing of whether it was known."""

import re

import pytest

from tests.integration.registration.pages.conftest import MAMOUDZOU, Site
from tests.integration.registration.pages.test_way_of_an_attendee import _press, _send

ZAINA = {"full_name": "Zaïna", "headcount": "1-9"}
WRITTEN = "Nous écrivons à <strong>zaina@exemple.fr</strong>."


async def _sent(site: Site, email: str) -> tuple[str, str]:
    """Return the page that the form led to, and its address."""
    sent = await _send(site, {**ZAINA, "email": email})
    address = sent.headers["location"].partition("#")[0]
    return (await site.browser.get(address)).text, address


def _as_anybodys(page: str, address: str) -> str:
    reference, token = re.fullmatch(r"/inscriptions/([^?]+)\?token=(.+)", address).groups()  # type: ignore[union-attr]
    return page.replace(reference, "REFERENCE").replace(token, "TOKEN")


@pytest.mark.parametrize("capacity", [9, 1])
async def test_a_known_address_is_shown_as_a_new_one_whatever_spelling_is_kept(site: Site, capacity: int) -> None:
    await site.resize(MAMOUDZOU, capacity)
    await _sent(site, "first@exemple.fr")
    first, there = await _sent(site, "Zaina@Exemple.FR")
    again, here = await _sent(site, "ZAINA@exemple.fr")
    assert WRITTEN in first
    waiting = r"(<strong class=\"rank\">)\d+"
    assert re.sub(waiting, r"\1N", _as_anybodys(first, there)) == re.sub(waiting, r"\1N", _as_anybodys(again, here))


async def test_a_proven_address_is_shown_no_more_and_never_stands_in_an_address_of_a_page(site: Site) -> None:
    page, address = await _sent(site, "zaina@exemple.fr")
    assert WRITTEN in page
    assert "exemple.fr" not in address
    await _press(site, address.split("?")[0].rsplit("/", 1)[1], "confirmer")
    assert "zaina@exemple.fr" not in (await site.browser.get(address)).text
