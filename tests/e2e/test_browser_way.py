"""One registration in a browser, from the programme to two inboxes, the statistics and one trace; and what the public pages promise."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.fixtures.running_network import RunningNetwork

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.timeout(240)]

PATIENCE = 20_000
"""Milliseconds for mail, statistics and traces; they take less than one second on an idle machine."""

MAYOTTE = "976"


def _address() -> str:
    return f"zaina-{uuid4().hex[:8]}@exemple.fr"


def _choose_a_meetup(page: Page, network: RunningNetwork, territory: str = MAYOTTE) -> None:
    page.goto(network.site)
    page.get_by_label("Votre territoire").select_option(territory)
    page.get_by_role("button", name="Voir les rencontres").click()
    page.locator(".card a").first.click()


def _fill_in(page: Page, email: str) -> None:
    page.get_by_label("Prénom et nom").fill("Zaïna M’Changama")
    page.get_by_label("Adresse e").fill(email)
    page.get_by_label("Salariés dans votre entreprise").select_option("1-9")


def _seats_taken(desk: Page, network: RunningNetwork) -> int:
    desk.goto(f"{network.statistics}/statistiques")
    card = desk.locator(".cards .card", has_text="Places prises")
    return int(re.sub(r"\D", "", card.locator("b").inner_text()))


def _open_mail(desk: Page, network: RunningNetwork, to: str, subject: str) -> None:
    """Wait at the console for a mail, and open its text."""
    desk.goto(f"{network.console}/mailbox?to={to}")
    row = desk.locator(".entries a", has_text=re.compile(subject)).first
    expect(row).to_be_visible(timeout=PATIENCE)
    row.click()
    desk.get_by_role("link", name="Text", exact=True).click()


def test_from_the_programme_to_two_inboxes_the_statistics_and_one_trace(
    page: Page, desk: Page, running_network: RunningNetwork
) -> None:
    email = _address()
    taken = _seats_taken(desk, running_network)
    _choose_a_meetup(page, running_network)
    expect(page.get_by_text("heure de Mayotte")).to_be_visible()
    _fill_in(page, email)
    page.get_by_role("button", name="Réserver ma place").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Plus qu’un geste"))
    expect(page.locator("form")).to_have_count(0)
    reference = page.locator(".reference b").inner_text()

    _open_mail(desk, running_network, email, "[Cc]onfirm")
    link = desk.locator(f"a[href*='/inscriptions/{reference}?token=']").first.get_attribute("href")
    assert link is not None
    page.goto(link)
    page.reload()
    page.get_by_role("button", name="Je confirme ma venue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est noté, à bientôt")

    _open_mail(desk, running_network, f"rencontres-ia@cci-{MAYOTTE}.example", "inscription")
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


def test_the_registration_page_fits_in_50_kb_and_6_requests(
    browser: Browser, page: Page, running_network: RunningNetwork
) -> None:
    _choose_a_meetup(page, running_network)
    answers: list[Response] = []
    first_visit = browser.new_context(java_script_enabled=False)
    try:
        cold = first_visit.new_page()
        cold.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - playwright takes no built-in
        cold.goto(page.url, wait_until="networkidle")
        weight = sum(_weight(answer) for answer in answers)
    finally:
        first_visit.close()
    assert {answer.status for answer in answers} == {200}
    assert len(answers) <= 6
    assert weight <= 50_000
    assert all(answer.url.startswith(running_network.site) for answer in answers)


def test_a_form_with_faults_keeps_what_was_typed_and_leads_to_the_first(
    page: Page, running_network: RunningNetwork
) -> None:
    _choose_a_meetup(page, running_network, "987")
    page.get_by_label("Prénom et nom").fill("Zaïna")
    # A browser would stop this by itself; an old one, or a fault between, would not.
    page.locator("#email").fill("zaina@exemple")
    page.locator("#headcount").select_option("0")
    page.get_by_role("button", name="Réserver ma place").click()
    expect(page.locator(".errors")).to_contain_text("Il y a 1 point à corriger")
    assert page.title().startswith("Erreur")
    expect(page.get_by_label("Prénom et nom")).to_have_value("Zaïna")
    page.get_by_role("link", name=re.compile("n’est pas complète")).click()
    expect(page.locator("#email")).to_be_focused()


def test_the_keyboard_alone_registers(page: Page, running_network: RunningNetwork) -> None:
    _choose_a_meetup(page, running_network, "974")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    while not page.locator("#full_name").evaluate("field => field === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type("Zaïna")
    page.keyboard.press("Tab")
    page.keyboard.type(_address())
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Plus qu’un geste"))


@pytest.mark.parametrize("path", ["/", "/en/", "/?territoire=987", "/?territoire=20", "/nulle-part"])
def test_no_page_scrolls_sideways_at_320_pixels(page: Page, running_network: RunningNetwork, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(running_network.site + path)
    assert page.locator("html").evaluate("root => root.scrollWidth <= root.clientWidth")


def _weight(answer: Response) -> int:
    sizes = answer.request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
