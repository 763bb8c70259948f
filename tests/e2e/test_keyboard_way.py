"""Registering, mending a fault, confirming and giving back with the keyboard alone, without JavaScript."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.steps import an_address, choose_a_meetup, mailed_link
from tests.fixtures.running_network import RunningNetwork

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.timeout(240)]

FAR = 80
"""Steps of Tab after which something is taken for unreachable."""


def test_the_keyboard_alone_registers_confirms_and_gives_back(
    page: Page, desk: Page, running_network: RunningNetwork
) -> None:
    email = an_address()
    choose_a_meetup(page, running_network, "974")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    _type(page, page.locator("#full_name"), "Zaïna")
    # Complete enough for the browser, not for us.
    _type(page, page.locator("#email"), "zaina@exemple")
    _tab_to(page, page.locator("#headcount"))
    page.keyboard.press("ArrowDown")
    _press(page, page.get_by_role("button", name="Réserver ma place"))

    expect(page.locator(".errors")).to_be_focused()
    _press(page, page.get_by_role("link", name=re.compile("n’est pas complète")))
    expect(page.locator("#email")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(email)
    _press(page, page.get_by_role("button", name="Réserver ma place"))

    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Plus qu’un geste"))
    page.goto(mailed_link(desk, running_network, email, page.locator(".reference b").inner_text()))
    _press(page, page.get_by_role("button", name="Je confirme ma venue"))
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est noté, à bientôt")

    _press(page, page.get_by_role("link", name="Je ne peux plus venir"))
    _press(page, page.get_by_role("button", name="Je ne peux plus venir"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("annulée"))


def _type(page: Page, field: Locator, words: str) -> None:
    _tab_to(page, field)
    page.keyboard.type(words)


def _press(page: Page, target: Locator) -> None:
    _tab_to(page, target)
    page.keyboard.press("Enter")


def _tab_to(page: Page, target: Locator) -> None:
    expect(target).to_be_visible()
    for _ in range(FAR):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {target}")
