"""The packages from npm do in a browser what tests ask of them."""

import pytest
from playwright.sync_api import Browser

from tests.browser.checks.rules import violations
from tests.fixtures.node_packages import ICAL_JS, source

pytestmark = pytest.mark.browser


def test_axe_finds_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html><body><h1>One</h1><h4 style='color: #ccc'>Four</h4><img src='x'></body></html>")
    found = {violation.split(":")[0] for violation in violations(page)}
    page.close()
    assert {"image-alt", "html-has-lang", "color-contrast", "heading-order"} <= found


def test_ical_js_reads_a_calendar(browser: Browser) -> None:
    page = browser.new_page()
    page.evaluate(source(ICAL_JS))
    calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
    assert page.evaluate("text => ICAL.parse(text)[0]", calendar) == "vcalendar"
    page.close()
