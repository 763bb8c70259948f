"""The statistics page: both languages, honest when empty, late, or broken; nothing but its own stylesheet."""

import re

import httpx
import pytest

from chassis.database import Database
from tests.fixtures.reporting import meetup, registration
from tests.integration.analytics.conftest import apply


async def test_the_page_shows_totals_and_breakdowns(http: httpx.AsyncClient, database: Database) -> None:
    place = meetup()
    await apply(database, [place, *(registration(place.aggregate_id, status="confirmed") for _ in range(40))])

    page = await http.get("/statistiques")

    assert page.status_code == 200
    assert page.headers["content-language"] == "fr"
    for expected in ("Mayotte", "40 / 138", "mars 2027", "L’IA à l’atelier", "1 à 9 salariés"):
        assert expected in page.text
    assert f'href="https://rencontres.example/rencontres/rencontre-{place.aggregate_id.hex[:8]}"' in page.text


async def test_english_is_complete(http: httpx.AsyncClient, database: Database) -> None:
    place = meetup()
    await apply(database, [place, registration(place.aggregate_id)])

    page = await http.get("/en/statistics")

    assert '<html lang="en">' in page.text
    assert "March 2027" in page.text
    assert "https://rencontres.example/en/rencontres/" in page.text


async def test_an_empty_network_says_so(http: httpx.AsyncClient) -> None:
    page = (await http.get("/statistiques")).text

    assert "Rien à compter pour l’instant" in page
    assert "<table" not in page


async def test_a_choice_without_meetups_says_so(http: httpx.AsyncClient, database: Database) -> None:
    await apply(database, [meetup()])

    page = (await http.get("/statistiques", params={"territoire": "75", "mois": ""})).text

    assert "Aucune rencontre ne correspond à ce choix." in page


async def test_a_part_shows_no_sizes_and_says_why(http: httpx.AsyncClient, database: Database) -> None:
    place = meetup()
    await apply(database, [place, registration(place.aggregate_id)])

    page = (await http.get("/statistiques", params={"territoire": "976"})).text

    assert 'id="by-size"' not in page
    assert "n’est publiée que pour l’ensemble du réseau" in page


async def test_a_number_of_few_people_is_not_printed(http: httpx.AsyncClient, database: Database) -> None:
    place = meetup()
    await apply(database, [place, *(registration(place.aggregate_id, headcount="5000+") for _ in range(3))])

    sizes = (await http.get("/statistiques")).text.partition('id="by-size"')[2].partition("</table>")[0]

    assert "&lt;\u00a011" in sizes
    assert not re.search(r">3<", sizes)


async def test_without_a_projector_the_delay_is_unknown(http: httpx.AsyncClient, database: Database) -> None:
    await apply(database, [meetup()])

    page = (await http.get("/statistiques")).text

    assert "Dernier événement pris en compte" in page
    assert "Retard inconnu" in page


async def test_titles_are_escaped(http: httpx.AsyncClient, database: Database) -> None:
    await apply(database, [meetup()])
    async with database.connection() as connection:
        await connection.execute("UPDATE live.meetup_facts SET title = '<script>alert(1)</script>'")

    assert "<script" not in (await http.get("/statistiques")).text


async def test_the_page_needs_nothing_from_elsewhere(http: httpx.AsyncClient, database: Database) -> None:
    await apply(database, [meetup()])
    page = await http.get("/statistiques")
    fetched = re.findall(
        r'<(?:link rel="(?:stylesheet|icon)"[^>]*href|script[^>]*src|img[^>]*src)="([^"]+)"', page.text
    )

    assert len(fetched) == 2
    assert all(address.startswith("/statistiques/static/") for address in fetched)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "style=" not in page.text
    for address in fetched:
        asset = await http.get(address)
        assert asset.status_code == 200
        assert "immutable" in asset.headers["cache-control"]


@pytest.mark.parametrize("path", ["/statistiques?mois=demain", "/statistiques/static/none.css", "/nowhere"])
async def test_errors_are_pages_for_people_and_problems_for_programs(http: httpx.AsyncClient, path: str) -> None:
    page = await http.get(path, headers={"Accept": "text/html"})
    problem = await http.get(path)

    assert page.status_code == problem.status_code >= 400
    assert "<h1>" in page.text
    assert problem.headers["content-type"] == "application/problem+json"


async def test_the_root_leads_to_the_page_in_the_visitors_language(http: httpx.AsyncClient) -> None:
    assert (await http.get("/")).headers["location"] == "/statistiques"
    assert (await http.get("/", headers={"Accept-Language": "en"})).headers["location"] == "/en/statistics"
