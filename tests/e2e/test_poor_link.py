"""An old phone at the end of a poor link, without JavaScript: 50 kbit/s, 800 ms. What it costs is counted by the browser."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.metering import Meter
from tests.e2e.steps import an_address, choose_a_meetup, fill_in, mailed_link
from tests.fixtures.running_network import RunningNetwork

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.timeout(300)]


def test_the_registration_page_fits_in_50_kb_and_6_requests(
    page: Page, visitor: BrowserContext, running_network: RunningNetwork
) -> None:
    choose_a_meetup(page, running_network)
    address = page.url
    elsewhere: list[str] = []
    with page.context.browser.new_context(java_script_enabled=False) as first_visit:  # type: ignore[union-attr]
        cold = first_visit.new_page()
        cold.on("request", lambda request: elsewhere.append(request.url))
        meter = Meter(cold)
        cold.goto(address, wait_until="networkidle")
        expect(cold.get_by_role("button", name="Réserver ma place")).to_be_visible()
    assert 2 <= meter.requests <= 6
    assert 2_000 < meter.bytes <= 50_000
    assert all(url.startswith(running_network.site) for url in elsewhere)


def test_the_whole_way_works_over_a_poor_link(page: Page, desk: Page, running_network: RunningNetwork) -> None:
    page.set_default_timeout(60_000)
    meter = Meter(page)
    meter.slow_down(bits_a_second=50_000, latency_ms=800)
    email = an_address()

    choose_a_meetup(page, running_network)
    fill_in(page, email)
    page.get_by_role("button", name="Réserver ma place").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Plus qu’un geste"), timeout=60_000)

    page.goto(mailed_link(desk, running_network, email, page.locator(".reference b").inner_text()))
    page.get_by_role("button", name="Je confirme ma venue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est noté, à bientôt", timeout=60_000)

    page.get_by_role("link", name="Je ne peux plus venir").click()
    page.get_by_role("button", name="Je ne peux plus venir").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("annulée"), timeout=60_000)
    assert meter.bytes <= 120_000
