"""Every mail in a browser: no fault that a machine can find, by day and by night, nothing cut off on a small screen, nothing fetched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pytest
from playwright.sync_api import Browser, Page

from services.notifications.domain.notices import Kind
from services.notifications.mail.rendering import render
from tests.browser.checks.rules import violations
from tests.fixtures.letters import COMPOSER, letter

pytestmark = pytest.mark.browser

NARROW, WIDE = 320, 700


@cache
def mails() -> Mapping[str, str]:
    """Each kind in each language, by `fr/reminder`."""
    return {
        f"{locale}/{kind}": render(letter(kind, locale), COMPOSER.links).html
        for kind in Kind
        for locale in ("fr", "en")
    }


@dataclass(frozen=True, slots=True)
class Reader:
    """A mail reader that shows no more than it was sent, and notes what a mail would have it fetch."""

    page: Page
    fetched: list[str]


@pytest.fixture(scope="module", params=["light", "dark"])
def reader(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Reader]:
    """One that likes light or dark colours."""
    context = browser.new_context(color_scheme=request.param, offline=True)
    reader = Reader(context.new_page(), [])
    reader.page.on("request", lambda one: reader.fetched.append(one.url))
    yield reader
    context.close()


@pytest.mark.parametrize("name", mails())
def test_a_mail_is_read_by_everybody_and_loads_nothing(reader: Reader, name: str) -> None:
    for width in (WIDE, NARROW):
        reader.page.set_viewport_size({"width": width, "height": 800})
        reader.page.set_content(mails()[name])
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(reader.page) == []
    assert reader.fetched == []
