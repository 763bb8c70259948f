"""One registration in a browser, from the programme to two inboxes, the statistics and one trace; and what the public pages promise."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import MAYOTTE, PATIENCE, an_address, choose_a_meetup, fill_in, mailed_link, open_mail
from tests.fixtures.running_network import RunningNetwork

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.timeout(240)]


def _seats_taken(desk: Page, network: RunningNetwork) -> int:
    desk.goto(f"{network.statistics}/statistiques")
    card = desk.locator(".cards .card", has_text="Places prises")
    return int(re.sub(r"\D", "", card.locator("b").inner_text()))


def test_from_the_programme_to_two_inboxes_the_statistics_and_one_trace(
    page: Page, desk: Page, running_network: RunningNetwork
) -> None:
    email = an_address()
    taken = _seats_taken(desk, running_network)
    choose_a_meetup(page, running_network)
    expect(page.get_by_text("heure de Mayotte")).to_be_visible()
    fill_in(page, email)
    page.get_by_role("button", name="Réserver ma place").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Plus qu’un geste"))
    expect(page.locator("form")).to_have_count(0)
    reference = page.locator(".reference b").inner_text()

    page.goto(mailed_link(desk, running_network, email, reference))
    page.reload()
    page.get_by_role("button", name="Je confirme ma venue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est noté, à bientôt")

    open_mail(desk, running_network, f"rencontres-ia@cci-{MAYOTTE}.example", "inscription")
    body = desk.locator(".letter").inner_text()
    assert email not in body
    assert "Zaïna" not in body

    attempts = iter(range(PATIENCE // 250))
    while _seats_taken(desk, running_network) <= taken:
        next(attempts)
        desk.wait_for_timeout(250)

    desk.goto(f"{running_network.console}/traces")
    desk.get_by_label("Reference or trace id").fill(reference)
    desk.get_by_role("button", name="Search").click()
    story = desk.locator("main")
    for hop in ("registration", "notifications", "analytics"):
        expect(story).to_contain_text(hop, timeout=PATIENCE)
    expect(desk.get_by_role("heading", level=1)).to_contain_text(reference)


def test_a_form_with_faults_keeps_what_was_typed_and_leads_to_the_first(
    page: Page, running_network: RunningNetwork
) -> None:
    choose_a_meetup(page, running_network, "987")
    page.get_by_role("textbox", name="Prénom et nom").fill("Zaïna")
    # A browser would stop this by itself; an old one, or a fault between, would not.
    page.locator("#email").fill("zaina@exemple")
    page.locator("#headcount").select_option("0")
    page.get_by_role("button", name="Réserver ma place").click()
    expect(page.locator(".errors")).to_contain_text("Il y a 1 point à corriger")
    assert page.title().startswith("Erreur")
    expect(page.get_by_role("textbox", name="Prénom et nom")).to_have_value("Zaïna")
    page.get_by_role("link", name=re.compile("n’est pas complète")).click()
    expect(page.locator("#email")).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/en/", "/?territoire=987", "/?territoire=20", "/nulle-part"])
def test_no_page_scrolls_sideways_at_320_pixels(page: Page, running_network: RunningNetwork, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(running_network.site + path)
    assert page.locator("html").evaluate("root => root.scrollWidth <= root.clientWidth")
