"""Scanners of mail open every link before its reader does: whatever they open, nothing changes."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from chassis.health import Probes
from services.registration.app import build
from tests.integration.registration.pages.conftest import MAMOUDZOU, Site
from tests.integration.registration.pages.test_way_of_an_attendee import _press, _register, _send


def _readable() -> Iterator[str]:
    """Paths of all routes that are read, pages and API alike."""
    for route in iter_route_contexts(build(Probes()).routes):
        if route.path and "GET" in (route.methods or ()):
            yield route.path


def _filled(path: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: values.get(name[1], "x"), path)


async def _state(site: Site) -> dict[str, str]:
    """Every row of every table, as one hash a table."""
    async with site.work.database.connection() as connection:
        tables = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )
        return {
            row["tablename"]: str(
                await connection.fetchval(
                    f"""SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM "{row["tablename"]}" AS t"""
                )
            )
            for row in tables
        }


@pytest.mark.parametrize("status", ["held", "waitlisted", "offered", "confirmed", "cancelled"])
async def test_opening_every_link_and_every_page_changes_nothing(site: Site, status: str) -> None:
    reference, look = await _registration_that_is(site, status)
    links = {"manage": await site.token(reference), "look": look}
    async with site.work.database.connection() as connection:
        meetup = await connection.fetchval("SELECT id FROM meetups WHERE slug = $1", MAMOUDZOU)
    values = {"reference": reference, "slug": MAMOUDZOU, "meetup_id": str(meetup), "code": "7K4QX9M2TC7K4QX9M2TC7K4QX9"}
    before = await _state(site)
    opened = 0
    for path in _readable():
        for token in links.values():
            for method in ("GET", "HEAD"):
                answer = await site.browser.request(
                    method, _filled(path, values), params={"token": token}, headers={"Authorization": f"Bearer {token}"}
                )
                opened += 1
                assert answer.status_code < 500, (method, path)
    assert opened > 100
    assert await _state(site) == before


async def test_the_check_sees_a_change(site: Site) -> None:
    reference = await _register(site)
    before = await _state(site)
    await _press(site, reference, "confirmer")
    assert {name for name, rows in (await _state(site)).items() if rows != before[name]} >= {"registrations", "outbox"}


async def _registration_that_is(site: Site, status: str) -> tuple[str, str]:
    """Somebody in this state: their reference, and the token shown after the form."""
    first = ""
    if status in ("waitlisted", "offered"):
        await site.resize(MAMOUDZOU, 1)
        first = await _register(site, email="first@exemple.fr")
    location = urlsplit((await _send(site)).headers["location"])
    reference, look = location.path.rsplit("/", 1)[1], httpx.QueryParams(location.query)["token"]
    if status == "offered":
        await _press(site, first, "annuler")
    elif status == "confirmed":
        await _press(site, reference, "confirmer")
    elif status == "cancelled":
        await _press(site, reference, "annuler")
    async with site.work.database.connection() as connection:
        found = await connection.fetchval("SELECT status FROM registrations WHERE reference = $1", reference)
    assert found == status
    return reference, look
