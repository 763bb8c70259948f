"""Every form of the site, by walking the routes: another site cannot send it through a visitor, and no cookie would help it."""

import re

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from chassis.health import Probes
from services.registration.app import build
from tests.integration.registration.conftest import House

PLACES = {"slug": "au-comptoir", "reference": "R-7K4QX-9M2TC", "code": "A" * 26, "name": "x.css"}


def _filled(path: str) -> str:
    return re.sub(r"{(\w+)[^}]*}", lambda place: PLACES.get(place[1], "00000000-0000-0000-0000-000000000001"), path)


FORMS = sorted(
    {
        _filled(route.path or "")
        for route in iter_route_contexts(build(Probes()).routes)
        if "POST" in (route.methods or ()) and not (route.path or "").startswith("/api/")
    }
)
EVERYTHING = sorted(
    {(method, _filled(route.path or "")) for route in iter_route_contexts(build(Probes()).routes) for method in route.methods or ()}
)  # fmt: skip

FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://autre.site.example"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
)


@pytest.fixture
async def browser(app: FastAPI, house: House) -> httpx.AsyncClient:
    await house.meetup(slug="au-comptoir")
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://site.example", headers={"Accept": "text/html"}
    )


def test_there_are_forms_in_both_languages() -> None:
    assert {"/rencontres/au-comptoir", "/en/rencontres/au-comptoir", "/mes-inscriptions"} <= set(FORMS)
    assert len(FORMS) >= 8


@pytest.mark.parametrize("path", FORMS)
async def test_a_form_of_another_site_is_refused_before_it_is_read(browser: httpx.AsyncClient, path: str) -> None:
    for headers in FOREIGN:
        response = await browser.post(path, headers=headers, data={"token": "x", "email": "zaina@exemple.fr"})
        assert response.status_code == 403
        words = "It seems to come from a site" if path.startswith("/en/") else "Il semble venir d’un autre site"
        assert words in response.text


@pytest.mark.parametrize("path", FORMS)
async def test_our_own_form_is_not(browser: httpx.AsyncClient, path: str) -> None:
    ours = {"Sec-Fetch-Site": "same-origin", "Origin": "http://site.example"}
    response = await browser.post(path, headers=ours, data={"token": "x", "email": "zaina@"})
    assert response.status_code in {303, 404, 409, 422}


async def test_no_answer_ever_sets_a_cookie(browser: httpx.AsyncClient) -> None:
    assert len(EVERYTHING) > 40
    for method, path in EVERYTHING:
        response = await browser.request(method, path, headers={"Cookie": "session=1"})
        assert "set-cookie" not in response.headers, f"{method} {path}"
        assert response.status_code < 500, f"{method} {path}"
