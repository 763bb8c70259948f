"""The running network, and a browser to look at it with."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.fixtures.browsing import browser
from tests.fixtures.running_network import running_network

__all__ = ["browser", "running_network"]


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
