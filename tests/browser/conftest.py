"""The pages of the gallery under addresses of their own, in a browser and without any server."""

from collections.abc import Iterator, Mapping
from functools import cache
from mimetypes import guess_type

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from chassis.http import STRICT_CSP
from services.registration.pages.assets import asset_contents, asset_path
from services.registration.pages.catalogue import catalogues
from tests.fixtures.browsing import browser
from tests.fixtures.node_packages import AXE
from tests.unit.registration.pages.gallery import every_page

__all__ = ["browser"]

SITE = "http://gallery.test"


@cache
def gallery() -> Mapping[str, str]:
    """Every page in every state and language: HTML by `fr/meetup-open`."""
    return {
        f"{language}/{name}": html
        for language, texts in catalogues().items()
        for name, html in every_page(texts).items()
    }


def show(context: BrowserContext) -> Page:
    """Open an empty page to which the gallery is the whole world: `page.goto(SITE + "/fr/held")`."""
    context.route("**", _answer)
    if AXE.exists():
        context.add_init_script(path=AXE)  # parsed once; evaluated anew it costs each page a tenth of a second
    return context.new_page()


@pytest.fixture(scope="session")
def by_day(browser: Browser) -> Iterator[Page]:
    """A laptop that likes light colours."""
    yield from _visitor(browser, "light")


@pytest.fixture(scope="session")
def by_night(browser: Browser) -> Iterator[Page]:
    """A laptop that likes dark colours."""
    yield from _visitor(browser, "dark")


def _visitor(browser: Browser, scheme: str) -> Iterator[Page]:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    yield show(context)
    context.close()


def _answer(route: Route) -> None:
    path = route.request.url.removeprefix(SITE).partition("#")[0]
    if path in _assets():
        media_type, content = _assets()[path]
        route.fulfill(body=content, content_type=media_type)
    elif path[1:] in gallery():
        headers = {"Content-Security-Policy": STRICT_CSP, "Content-Type": "text/html; charset=utf-8"}
        route.fulfill(body=gallery()[path[1:]], headers=headers)
    else:
        route.abort()


@cache
def _assets() -> Mapping[str, tuple[str, bytes]]:
    return {asset_path(name): (guess_type(name)[0] or "", content) for name, content in asset_contents().items()}
