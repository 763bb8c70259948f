"""Every page, in every state and both languages, is for everybody: one load of each, held against every check in turn."""

from collections.abc import Callable, Mapping
from typing import Final

import pytest
from playwright.sync_api import Page

from tests.browser.checks.forced_colours import lost
from tests.browser.checks.keyboard import lost_on_the_way
from tests.browser.checks.motion import moving
from tests.browser.checks.room import running_off, running_off_when_enlarged, running_off_when_spaced
from tests.browser.checks.rules import violations
from tests.browser.checks.targets import too_small
from tests.browser.conftest import SITE, gallery

pytestmark = pytest.mark.browser

Check = Callable[[Page], list[str]]

OPEN_ALL: Final = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
"""What lies in closed details is checked as well: most checks see only what is shown."""


def _at_night(page: Page) -> list[str]:
    page.emulate_media(color_scheme="dark")
    found = violations(page)
    page.emulate_media(color_scheme="light")
    return found


ON_A_LAPTOP: Final[Mapping[str, Check]] = {
    "rules by day": violations,
    "rules at night": _at_night,
    "motion": moving,
    "forced colours": lost,
}
ON_A_PHONE: Final[Mapping[str, Check]] = {
    "320 pixels": running_off,
    "letters twice as large": running_off_when_enlarged,
    "letters widely spaced": running_off_when_spaced,
    "targets": too_small,
}


@pytest.mark.parametrize("name", gallery())
def test_a_page_is_for_everybody(by_day: Page, name: str) -> None:
    by_day.set_viewport_size({"width": 1280, "height": 800})
    by_day.goto(f"{SITE}/{name}")
    wrong = {"keyboard": lost_on_the_way(by_day)}
    by_day.evaluate(OPEN_ALL)
    wrong |= {what: check(by_day) for what, check in ON_A_LAPTOP.items()}
    by_day.set_viewport_size({"width": 320, "height": 640})
    wrong |= {what: check(by_day) for what, check in ON_A_PHONE.items()}
    assert {what: found for what, found in wrong.items() if found} == {}
