"""The console in Chromium: what HTML promises and only a browser keeps."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.fixtures import recorded_run as recorded
from tests.fixtures.recorded_run import RecordedRun
from tests.integration.local.console.conftest import Console

REFERENCE = "R-7K4QX-9M2TC"
CHROMIUM = os.environ.get("RENCONTRES_BROWSER") or shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


async def test_a_private_link_in_a_mail_opens_in_a_new_tab_and_its_script_does_not_run(
    console: Console, browser: Browser
) -> None:
    mail_id = await console.mail("ada@example.org")
    page = await browser.new_page()
    await page.goto(f"{console.url}/mailbox/{mail_id}")
    async with page.expect_popup() as popup:
        await page.frame_locator("iframe").get_by_role("link", name="Gérer mon inscription").click()
    assert (await popup.value).url.endswith(("token=3q2-7wEj", "chromewebdata/"))
    assert "a script ran" not in await page.content()
    assert page.url.startswith(console.url)


async def test_a_new_mail_appears_by_itself(console: Console, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(f"{console.url}/mailbox")
    await expect(page.get_by_text("No mail yet")).to_be_visible()
    await console.mail("ada@example.org")
    await expect(page.get_by_text("to ada@example.org")).to_be_visible(timeout=15_000)


async def test_a_trace_is_searched_and_opened_without_javascript_on_a_small_screen(
    console: Console, browser: Browser
) -> None:
    run = RecordedRun(start=recorded.DAY)
    recorded.record_registration(run, REFERENCE)
    recorded.record_confirmation(run, REFERENCE, at=94_000)
    await asyncio.to_thread(run.export, console.url)
    context = await browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = await context.new_page()
    await page.goto(f"{console.url}/traces")
    await page.get_by_label("Reference or trace id").fill(REFERENCE.lower())
    await page.get_by_role("button", name="Search").click()
    await expect(page.get_by_role("heading", name="Confirmation of the seat")).to_be_visible()
    await page.get_by_text("Published 37 messages to rencontres.events").click()
    await expect(page.get_by_text("messaging.batch.message_count").locator("visible=true")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_scrolls_sideways_or_breaks_its_own_policy(
    console: Console, browser: Browser, scheme: str
) -> None:
    run = RecordedRun(start=recorded.DAY)
    recorded.record_registration(run, REFERENCE)
    await asyncio.to_thread(run.export, console.url)
    mail_id = await console.mail("a-very-long-address-of-somebody-who-has-many-names@a-long-domain.example.org")
    context = await browser.new_context(
        viewport={"width": 320, "height": 640}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in (
        "/",
        "/mailbox",
        f"/mailbox/{mail_id}?view=source",
        "/traces",
        f"/references/{REFERENCE}",
    ):
        await page.goto(console.url + path)
        assert await _sideways(page) <= 0, path
    assert complaints == []


async def _sideways(page: Page) -> int:
    """How many pixels are hidden to the right."""
    return int(await page.evaluate("document.documentElement.scrollWidth - innerWidth"))
