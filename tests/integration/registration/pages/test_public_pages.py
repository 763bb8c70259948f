"""What anybody may open: the programme page by page, one territory, the calendar file, errors one can read, and headers that hold."""

import re
from itertools import pairwise

import pytest
from icalendar import Calendar

from contracts.territories import TERRITORIES
from services.registration.demo_programme.seeding import seed
from services.registration.pages.assets import asset_path
from tests.integration.registration.pages.conftest import MAMOUDZOU, Site

_SLUG = re.compile(r'href="/rencontres/([a-z0-9-]+)"')


async def test_following_the_pages_shows_every_meetup_once(site: Site) -> None:
    seen: list[str] = []
    address: str | None = "/"
    while address:
        html = (await site.browser.get(address)).text
        seen += _SLUG.findall(html)
        later = re.search(r'class="button soft" href="(/\?apres=[^"]+)"', html)
        address = later[1] if later else None
    assert len(seen) == len(set(seen)) == 327


async def test_each_territory_finds_its_own(site: Site) -> None:
    for code in ("2A", "971", "975", "987", "75"):
        html = (await site.browser.get("/", params={"territoire": code})).text.partition('id="g1"')[0]
        found = re.findall(r'<p class="where"><strong>.*?<span class="code">\((\w+)\)</span>', html)
        assert found
        assert set(found) == {code}


async def test_months_follow_one_another_and_none_comes_twice(site: Site) -> None:
    html = (await site.browser.get("/")).text
    months = re.findall(r'<h3 class="month" id="m(\d{4}-\d{2})"', html)
    assert months
    assert all(before < after for before, after in pairwise(months))


async def test_no_meetup_in_a_territory_leads_to_its_region(site: Site) -> None:
    async with site.work.database.connection() as connection:
        await connection.execute("UPDATE meetups SET status = 'cancelled' WHERE territory = '59'")
    html = (await site.browser.get("/", params={"territoire": "59"})).text
    assert "Pas encore de rencontre annoncée\u202f: Nord" in html
    region = html.split("Dans la même région\u202f: Hauts-de-France", 1)[1].partition("</section>")[0]
    suggested = re.findall(r'<span class="code">\((\w+)\)</span>', region)
    assert suggested
    assert {TERRITORIES[code].region for code in suggested} == {TERRITORIES["59"].region}


@pytest.mark.parametrize(
    "query", ["territoire=20", "territoire=<script>", "apres=nonsense", "territoire=976&apres=x_y"]
)
async def test_an_address_cut_short_still_shows_a_programme(site: Site, query: str) -> None:
    response = await site.browser.get(f"/?{query}")
    assert response.status_code == 200
    assert _SLUG.search(response.text)
    assert "<script>" not in response.text


async def test_the_calendar_file_says_the_hour_of_the_venue(site: Site) -> None:
    response = await site.browser.get(f"/rencontres/{MAMOUDZOU}.ics")
    assert response.headers["content-type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert event["DTSTART"].params["TZID"] == "Indian/Mayotte"
    assert event["URL"] == f"https://rencontres.example/rencontres/{MAMOUDZOU}"


@pytest.mark.parametrize(
    "path",
    [
        "/nulle-part",
        "/rencontres/inconnue",
        "/rencontres/inconnue.ics",
        "/rencontres/%00",
        "/rencontres/%00.ics",
        "/en/nowhere",
    ],
)
async def test_what_does_not_exist_says_so_to_people_and_to_programs(site: Site, path: str) -> None:
    page = await site.browser.get(path)
    assert page.status_code == 404
    assert ("This page does not exist" if path.startswith("/en") else "Cette page n’existe pas") in page.text
    document = await site.browser.get(path, headers={"Accept": "application/json"})
    assert document.headers["content-type"] == "application/problem+json"
    assert document.json()["status"] == 404


@pytest.mark.parametrize("path", ["/en//evil.example/x", "//evil.example/x", "/en/\\evil.example"])
async def test_no_link_of_a_page_leads_to_another_site(site: Site, path: str) -> None:
    for response in (
        await site.browser.get(f"http://site{path}"),
        await site.browser.post(f"http://site{path}/rencontres/", content=b"x" * 70_000),
    ):
        assert response.status_code in {404, 413}
        links = re.findall(r'href="([^"]*evil[^"]*)"', response.text)
        assert links
        assert not [link for link in links if re.match(r"/[/\\]", link)]


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_while_the_database_is_away_people_and_programs_are_asked_to_come_back(site: Site, accept: str) -> None:
    await site.work.database.close()
    for path in ("/", f"/rencontres/{MAMOUDZOU}", "/inscriptions/R-00000-00000?token=x"):
        response = await site.browser.get(path, headers={"Accept": accept})
        assert response.status_code == 503
        assert int(response.headers["retry-after"]) > 0
        assert response.headers["content-type"].startswith("text/html" if "html" in accept else "application/problem")


async def test_a_draft_is_not_there_yet(site: Site) -> None:
    async with site.work.database.connection() as connection:
        await connection.execute("UPDATE meetups SET status = 'draft', version = 0 WHERE slug = $1", MAMOUDZOU)
    assert (await site.browser.get(f"/rencontres/{MAMOUDZOU}")).status_code == 404


async def test_a_cancelled_meetup_stays_and_says_so(site: Site) -> None:
    async with site.work.database.connection() as connection:
        await connection.execute("UPDATE meetups SET status = 'cancelled' WHERE slug = $1", MAMOUDZOU)
    page = await site.browser.get(f"/rencontres/{MAMOUDZOU}")
    assert page.status_code == 200
    assert "Cette rencontre est annulée" in page.text


@pytest.mark.parametrize("path", ["/", f"/rencontres/{MAMOUDZOU}", f"/rencontres/{MAMOUDZOU}.ics", "/en/"])
async def test_link_checkers_may_ask_for_the_head_alone(site: Site, path: str) -> None:
    assert (await site.browser.head(path)).status_code == 200


async def test_headers_let_a_browser_do_nothing_the_pages_do_not_ask_for(site: Site) -> None:
    headers = (await site.browser.get("/")).headers
    assert "unsafe" not in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin"
    assert headers["content-language"] == "fr"
    assert "set-cookie" not in headers


async def test_assets_are_kept_for_a_year_under_the_hash_of_their_content(site: Site) -> None:
    for name in ("rencontres.css", "rencontres.svg"):
        response = await site.browser.get(asset_path(name))
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
    assert (await site.browser.get("/static/rencontres.css")).status_code == 404
    assert (await site.browser.get("/static/..%2f__init__.py")).status_code == 404


async def test_seeding_again_adds_nothing_and_tells_nothing(site: Site) -> None:
    before = await site.events()
    added = await seed(site.work)
    assert (added.organisations, added.meetups) == (0, 0)
    assert await site.events() == before
    assert before.count("fr.rencontres.meetup.published.v1") == 327
    assert before.count("fr.rencontres.organisation.declared.v1") == 108


async def test_the_programme_with_a_full_page_of_meetups_stays_under_60_kb(site: Site) -> None:
    html = (await site.browser.get("/")).content
    assert html.count(b'class="leaf"') == 24
    assets = [(await site.browser.get(asset_path(name))).content for name in ("rencontres.css", "rencontres.svg")]
    assert len(html) + sum(map(len, assets)) < 60_000
