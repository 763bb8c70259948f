"""The packages from npm do in a browser what tests ask of them."""

import pytest
from playwright.sync_api import Browser

from tests.fixtures.node_packages import AXE, ICAL_JS, source

pytestmark = pytest.mark.browser


def test_axe_finds_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html><body><img src='x'></body></html>")
    page.evaluate(source(AXE))
    found = page.evaluate("async () => (await axe.run()).violations.map((violation) => violation.id)")
    page.close()
    assert {"image-alt", "html-has-lang", "document-title"} <= set(found)


def test_ical_js_reads_a_calendar(browser: Browser) -> None:
    page = browser.new_page()
    page.evaluate(source(ICAL_JS))
    calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
    assert page.evaluate("text => ICAL.parse(text)[0]", calendar) == "vcalendar"
    page.close()
