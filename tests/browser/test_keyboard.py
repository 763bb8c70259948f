"""The keyboard reaches everything that can be pressed, in the order in which it is read, and always shows where it is."""

from typing import TypedDict, cast

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SITE, in_french

pytestmark = pytest.mark.browser


class _Stop(TypedDict):
    place: int
    """In the order of the document."""
    html: str
    outline: float


# Radios of one group are one stop; what lies in closed details is none.
_STOPS = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => element.type !== "radio" || element.checked
        || (!document.querySelector(`input[name="${element.name}"]:checked`)
            && element === document.querySelector(`input[name="${element.name}"]`)))
    .length"""
_HERE = """() => {
    const here = document.activeElement;
    const style = getComputedStyle(here);
    return {
        place: [...document.querySelectorAll("*")].indexOf(here),
        html: here.outerHTML.slice(0, 160),
        outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    };
}"""


@pytest.mark.parametrize("name", in_french())
def test_tab_goes_through_everything_in_reading_order_and_is_always_seen(by_day: Page, name: str) -> None:
    by_day.goto(f"{SITE}/{name}")
    by_day.evaluate(
        "() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }"
    )
    stops = [_tab(by_day) for _ in range(by_day.evaluate(_STOPS))]
    places = [stop["place"] for stop in stops]
    assert places == sorted(set(places)), [stop["html"] for stop in stops]
    assert [stop["html"] for stop in stops if stop["outline"] < 2] == []
    assert 'class="skip"' in stops[0]["html"]


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


def _tab(page: Page) -> _Stop:
    page.keyboard.press("Tab")
    return cast("_Stop", page.evaluate(_HERE))
