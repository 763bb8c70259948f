"""What the keyboard does once it is where it should be; that it gets everywhere is held for every page in `test_every_page.py`."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SITE

pytestmark = pytest.mark.browser


def test_the_first_link_leads_past_the_frame(by_day: Page) -> None:
    by_day.goto(f"{SITE}/fr/meetup-open")
    by_day.keyboard.press("Tab")
    expect(by_day.get_by_role("link", name="Aller au contenu")).to_be_in_viewport()
    by_day.keyboard.press("Enter")
    expect(by_day.locator("main")).to_be_focused()


def test_a_page_with_errors_begins_at_their_summary(by_day: Page) -> None:
    # Where the form leads. `autofocus` would do nothing at an address that has a fragment, and on an old phone.
    by_day.goto(f"{SITE}/fr/form-errors#erreurs")
    expect(by_day.locator(".errors")).to_be_focused()
    by_day.keyboard.press("Tab")
    by_day.keyboard.press("Enter")
    expect(by_day.locator("#email")).to_be_focused()


def test_details_radios_and_boxes_obey_the_keyboard(by_day: Page) -> None:
    by_day.goto(f"{SITE}/en/style")
    summary = by_day.locator("#more ~ .example summary")
    summary.focus()
    by_day.keyboard.press("Enter")
    expect(by_day.locator("#more ~ .example details")).to_have_attribute("open", "")
    radios = by_day.get_by_role("radio")
    radios.first.focus()
    by_day.keyboard.press("ArrowDown")
    expect(radios.nth(1)).to_be_checked()
    box = by_day.get_by_role("checkbox").first
    box.focus()
    by_day.keyboard.press("Space")
    expect(box).to_be_checked()
