"""The ticket on paper: one sheet of A4 or A6, with a code large enough to be read."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SITE

pytestmark = pytest.mark.browser

CSS_PIXELS_PER_CM = 96 / 2.54
LEAST_CM = 2.0


@pytest.mark.parametrize("name", ["fr/ticket", "en/ticket-online"])
@pytest.mark.parametrize("sheet", ["A4", "A6"])
def test_the_ticket_fits_one_sheet(by_day: Page, name: str, sheet: Literal["A4", "A6"]) -> None:
    by_day.goto(f"{SITE}/{name}")
    printed = by_day.pdf(format=sheet, prefer_css_page_size=False)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1


def test_the_code_is_large_enough_on_paper_and_dark_on_white_at_night(by_night: Page) -> None:
    by_night.goto(f"{SITE}/fr/ticket")
    code = by_night.locator(".qr svg")
    assert code.locator("path").first.get_attribute("fill") == "#fff"
    assert by_night.locator(".qr").evaluate("box => getComputedStyle(box).backgroundColor") == "rgb(255, 255, 255)"
    by_night.emulate_media(media="print")
    box = code.bounding_box()
    by_night.emulate_media(media="screen")
    assert box is not None
    # The quiet zone of four modules on each side counts as part of the code (ISO/IEC 18004), not as its size.
    modules = 45
    assert box["width"] * (modules - 8) / modules / CSS_PIXELS_PER_CM >= LEAST_CM
