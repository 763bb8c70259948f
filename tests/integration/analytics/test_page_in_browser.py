"""The page in Chromium without JavaScript: it fits the narrowest phone and stays a table for those who listen to it."""

import os
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Browser, Page, Route, async_playwright

from chassis.database import Database
from tests.fixtures.reporting import meetup, registration
from tests.integration.analytics.conftest import apply

pytestmark = pytest.mark.browser

BROWSER = os.environ.get("RENCONTRES_BROWSER", "")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """The Chromium that `scripts/find-browser` found; without one these tests are skipped."""
    if not BROWSER:
        pytest.skip("no browser: RENCONTRES_BROWSER names none (make test finds one)")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        await chromium.close()


@pytest.fixture
async def phone(browser: Browser, http: httpx.AsyncClient, database: Database) -> AsyncIterator[Page]:
    """A small phone that asks the application directly, with something to show."""
    place, sizes = meetup(), ("0", "1-9", "10-49")
    people = [registration(place.aggregate_id, headcount=size, status="confirmed") for size in sizes for _ in range(15)]
    await apply(database, [place, *people])
    context = await browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)

    async def answer(route: Route) -> None:
        response = await http.get(route.request.url)
        await route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.content)

    await context.route("http://test/**", answer)
    page = await context.new_page()
    yield page
    await context.close()


@pytest.mark.parametrize("path", ["/statistiques", "/en/statistics", "/statistiques?territoire=976"])
async def test_nothing_runs_off_a_narrow_screen(phone: Page, path: str) -> None:
    await phone.goto(f"http://test{path}")
    box = await phone.locator("html").evaluate("root => [root.scrollWidth, root.clientWidth]")

    assert box == [320, 320]


async def test_a_narrow_screen_still_has_tables_with_headings(phone: Page) -> None:
    await phone.goto("http://test/statistiques")
    row = phone.get_by_role("row").filter(has=phone.get_by_role("rowheader", name="Mayotte"))

    assert await phone.get_by_role("table").count() == 4
    assert await row.first.get_by_role("cell").first.inner_text() == "45 / 138"


async def test_the_filters_work_by_form_alone(phone: Page) -> None:
    await phone.goto("http://test/statistiques")
    await phone.get_by_label("Territoire", exact=True).select_option("976")
    await phone.get_by_role("button", name="Afficher").click()

    assert "territoire=976" in phone.url
    assert await phone.get_by_role("heading", name="Partie choisie").is_visible()
