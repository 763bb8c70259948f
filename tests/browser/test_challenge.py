"""The challenge of a form in a real browser: the script does the work and sends the form; without scripts, a wait does."""

import asyncio
import re
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from chassis.clock import ManualClock
from chassis.migrations import migrate
from chassis.serving import Server
from services.registration.app import application
from services.registration.settings import RegistrationSettings
from tests.fixtures.servers import PostgresServer
from tests.integration.registration.conftest import NOW, House

pytestmark = pytest.mark.browser

SLUG = "au-comptoir"
CLOCK = ManualClock(NOW)


@pytest.fixture(scope="module")
def site(postgres_server: PostgresServer) -> Iterator[str]:
    """Serve the site, on a loop of its own, as if it were under attack."""
    found: Future[str] = Future()
    loop, stop = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        dsn = await postgres_server.create_database()
        await migrate(dsn, package="services.registration")
        settings = RegistrationSettings(challenge="on", challenge_bits=12)
        async with application(settings, dsn=dsn, clock=CLOCK) as app:
            server = Server(app, host="127.0.0.1", port=0)
            await server.start()
            await House(app.state.work, CLOCK).meetup(capacity=50, slug=SLUG, id_=UUID(int=1))
            found.set_result(f"http://127.0.0.1:{server.port}")
            await stop.wait()
            await server.stop()
        await postgres_server.drop_database(dsn)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    yield found.result(timeout=60)
    loop.call_soon_threadsafe(stop.set)
    thread.join(timeout=30)


def _fill(page: Page, site: str, *, email: str) -> None:
    page.goto(f"{site}/rencontres/{SLUG}")
    form = page.locator("#inscription form")
    form.locator("[name=full_name]").fill("Zaïna M’Changama")
    form.locator("[name=email]").fill(email)
    if form.locator("select[name=headcount]").count():
        form.locator("select[name=headcount]").select_option("1-9")
    else:
        form.locator("[name=headcount][value='1-9']").check()
    form.locator("button:not([name])").last.click()


def test_the_browser_does_the_work_and_the_form_goes_through_by_itself(site: str, browser: Browser) -> None:
    page = browser.new_context(locale="fr-FR").new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    _fill(page, site, email="zaina@exemple.fr")
    page.wait_for_url(re.compile(r"/inscriptions/R-"))
    expect(page.locator("h1")).to_contain_text("Plus qu’un geste")
    assert [text for text in complaints if "403" not in text] == []


def test_without_scripts_the_page_says_how_long_to_wait_and_a_button_sends_it_again(
    site: str, browser: Browser
) -> None:
    page = browser.new_context(
        java_script_enabled=False, locale="fr-FR", viewport={"width": 320, "height": 640}
    ).new_page()
    _fill(page, site, email="b@exemple.fr")
    expect(page.locator("#waiting")).to_have_text(re.compile(r"Patientez 30\s?secondes"))
    page.get_by_role("button", name="Envoyer à nouveau").click()
    expect(page.locator("h1")).to_have_text("L’envoi n’est pas encore passé")
    CLOCK.advance(timedelta(seconds=31))
    page.get_by_role("button", name="Envoyer à nouveau").click()
    page.wait_for_url(re.compile(r"/inscriptions/R-"))


def test_the_script_finds_what_the_server_checks(site: str, browser: Browser) -> None:
    """SHA-256 by hand in the page, against the library's on the server, for many challenges."""
    for number in range(5):
        page = browser.new_context().new_page()
        _fill(page, site, email=f"c{number}@exemple.fr")
        page.wait_for_url(re.compile(r"/inscriptions/R-"))
