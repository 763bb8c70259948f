"""The steps of somebody who registers, and of who looks at the mail that comes of it."""

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.fixtures.running_network import RunningNetwork

PATIENCE = 20_000
"""Milliseconds for mail, statistics and traces; they take less than one second on an idle machine."""

MAYOTTE = "976"


def an_address() -> str:
    return f"zaina-{uuid4().hex[:8]}@exemple.fr"


def choose_a_meetup(page: Page, network: RunningNetwork, territory: str = MAYOTTE) -> None:
    page.goto(network.site)
    page.get_by_label("Votre territoire").select_option(territory)
    page.get_by_role("button", name="Voir les rencontres").click()
    page.locator(".card a").first.click()


def fill_in(page: Page, email: str) -> None:
    page.get_by_role("textbox", name="Prénom et nom").fill("Zaïna M’Changama")
    page.get_by_role("textbox", name="Adresse e").fill(email)
    page.get_by_label("Salariés dans votre entreprise").select_option("1-9")


def open_mail(desk: Page, network: RunningNetwork, to: str, subject: str) -> None:
    """Wait at the console for a mail, and open its text."""
    desk.goto(f"{network.console}/mailbox?to={to}")
    row = desk.locator(".entries a", has_text=re.compile(subject)).first
    expect(row).to_be_visible(timeout=PATIENCE)
    row.click()
    desk.get_by_role("link", name="Text", exact=True).click()


def mailed_link(desk: Page, network: RunningNetwork, to: str, reference: str) -> str:
    """Return the link of the mail that asks to confirm."""
    open_mail(desk, network, to, "[Cc]onfirm")
    link = desk.locator(f"a[href*='/inscriptions/{reference}?token=']").first.get_attribute("href")
    assert link is not None
    return link
