"""The running network, and a browser to look at it with."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.fixtures.running_network import running_network

__all__ = ["running_network"]

BROWSER = os.environ.get("RENCONTRES_BROWSER", "")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium that `scripts/find-browser` found; without one these tests are skipped."""
    if not BROWSER:
        pytest.skip("no browser: RENCONTRES_BROWSER names none (make test finds one)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody with JavaScript switched off: the public pages must not need it."""
    context = browser.new_context(java_script_enabled=False, locale="fr-FR", timezone_id="Indian/Mayotte")
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext) -> Page:
    return visitor.new_page()


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """Somebody at the console, whose pages keep themselves up to date."""
    context = browser.new_context(locale="en-GB", color_scheme="light")
    yield context.new_page()
    context.close()
