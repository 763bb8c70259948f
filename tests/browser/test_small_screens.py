"""Every page fits: a phone of 320 pixels, a text of twice its size, both without scrolling sideways and without a word cut off."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.conftest import SITE, gallery, in_french, show

pytestmark = pytest.mark.browser

# What scrolls by itself may be wider inside; what is hidden from sight is for those who listen.
_RUNS_OFF = """() => {
    const room = document.documentElement.clientWidth;
    const scrolls = (element) => element.closest(".scroll, pre, .visually-hidden, .skip, thead");
    const off = [...document.body.querySelectorAll("*")].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && (box.right > room + 1 || box.left < -1) && !scrolls(element) && element.closest("svg") === null;
    });
    const wider = document.documentElement.scrollWidth > room ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
    return wider.concat(off.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)));
}"""


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Page]:
    yield from _screen(browser, {"width": 320, "height": 640})


@pytest.fixture(scope="module")
def laptop(browser: Browser) -> Iterator[Page]:
    """Half of 1280 pixels: what zoom of 200 % leaves of a laptop."""
    yield from _screen(browser, {"width": 640, "height": 400})


@pytest.mark.parametrize("name", gallery())
def test_nothing_runs_off_a_narrow_phone(phone: Page, name: str) -> None:
    phone.goto(f"{SITE}/{name}")
    assert phone.evaluate(_RUNS_OFF) == []


@pytest.mark.parametrize("name", in_french())
def test_nothing_runs_off_when_text_is_twice_as_large(laptop: Page, name: str) -> None:
    laptop.goto(f"{SITE}/{name}")
    laptop.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    assert laptop.evaluate(_RUNS_OFF) == []


def _screen(browser: Browser, size: ViewportSize) -> Iterator[Page]:
    context = browser.new_context(viewport=size)
    yield show(context)
    context.close()
