"""Every answer of every route: what it lets a browser do, and that it leads nowhere but to this site."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from tests.integration.registration.conftest import House
from tests.integration.registration.defences.conftest import answers
from tests.integration.registration.test_bad_input import ALL, SLUG

HOST = re.compile(r"(?:https?://|(?<=[\"'(\s=])//)([a-z0-9.-]+)", re.IGNORECASE)
NAMED = {
    "schema.org": "@context of JSON-LD: a name, which no browser loads",
    "www.w3.org": "names of XML and SVG vocabularies, which nothing loads",
    "www.sitemaps.org": "the name of the vocabulary of sitemaps",
    "jsonfeed.org": "the version of a JSON feed is a name",
    "www.etalab.gouv.fr": "a link to the licence of the territories' source, which attribution asks for",
    "formulaire.defenseurdesdroits.fr": "a link that the declaration of accessibility must hold",
}
"""Hosts that may stand in an answer, and why: none is asked for anything unless a reader follows a link."""


@pytest.fixture
async def browser(app: FastAPI, house: House) -> AsyncIterator[httpx.AsyncClient]:
    await house.meetup(slug=SLUG, capacity=1000)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://site.example", headers={"Accept": "text/html"}) as client:  # fmt: skip
        yield client


async def _everything(browser: httpx.AsyncClient) -> AsyncIterator[httpx.Response]:
    sent = await browser.post(f"/rencontres/{SLUG}", data=answers())
    yield sent
    yield await browser.get(sent.headers["location"])
    for address in ALL:
        yield await browser.request(address.method, address.at(SLUG))
        yield await browser.request(address.method, address.at("nulle-part"))


async def test_headers_that_hold_a_browser_back(browser: httpx.AsyncClient) -> None:
    seen = 0
    async for response in _everything(browser):
        said = f"{response.request.method} {response.request.url}"
        policy = response.headers["content-security-policy"]
        assert "unsafe" not in policy, said
        assert "http:" not in policy, said
        assert "https:" not in policy, said
        assert "*" not in policy, said
        for directive in ("default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
            assert directive in policy, said
        assert response.headers["x-content-type-options"] == "nosniff", said
        assert response.headers["referrer-policy"] in {"same-origin", "no-referrer"}, said
        assert response.headers["cross-origin-opener-policy"] == "same-origin", said
        assert response.headers["cross-origin-resource-policy"] == "same-origin", said
        assert "geolocation=()" in response.headers["permissions-policy"], said
        assert "set-cookie" not in response.headers, said
        assert "server" not in response.headers, said
        assert "x-powered-by" not in response.headers, said
        seen += 1
    assert seen > 80


async def test_no_answer_names_another_host(browser: httpx.AsyncClient) -> None:
    async for response in _everything(browser):
        if response.headers.get("content-type", "").startswith(("image/", "application/pdf")):
            continue
        hosts = {host.lower() for host in HOST.findall(response.text)} - {"site.example", "api", "testserver"}
        assert hosts <= set(NAMED), f"{response.request.url} names {hosts - set(NAMED)}"


async def test_pages_of_one_person_are_kept_by_nobody(browser: httpx.AsyncClient) -> None:
    sent = await browser.post(f"/rencontres/{SLUG}", data=answers())
    page = await browser.get(sent.headers["location"])
    assert page.headers["cache-control"] == "no-store"
    assert 'name="robots" content="noindex"' in page.text
