"""No page, in no state, language or colour scheme, has a fault that a machine can find."""

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import violations
from tests.browser.conftest import SITE, gallery, in_french

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", gallery())
def test_no_page_breaks_a_rule(by_day: Page, name: str) -> None:
    by_day.goto(f"{SITE}/{name}")
    assert violations(by_day) == []


@pytest.mark.parametrize("name", in_french())
def test_everything_can_be_read_in_the_dark(by_night: Page, name: str) -> None:
    by_night.goto(f"{SITE}/{name}")
    assert violations(by_night, ["cat.color"]) == []
