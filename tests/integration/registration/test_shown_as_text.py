"""What people and organisers wrote comes out as text, wherever it comes out: pages, feeds, calendar files, API, lists of organisers."""

import json
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from icalendar import Calendar

from services.registration.store.meetups import Sheet
from tests.integration.registration.conftest import House
from tests.integration.registration.making import declare, publish
from tests.integration.registration.test_bad_input import READ, USUAL

TITLE = "</title><script>alert('xq7')</script>\"><img src=x onerror=xq7> & Ô مرحبا \U0001f600"
DESCRIPTION = "=1+1\n<b onmouseover=xq7>{{7*7}}</b>\n--></script><svg/onload=xq7>"
VENUE = "Salle, 1; \\n <i>xq7</i>\u202f"
ORGANISATION = 'CCI <u>xq7</u> & "fils"'
NAME = '<script>xq7</script>، =HYPERLINK("http://evil.example")'
HTML = {"Accept": "text/html"}


@pytest.fixture
async def hostile(house: House) -> Sheet:
    """A meetup whose organiser types markup into everything."""
    organisation_id: UUID = await declare(house.work, name=ORGANISATION)
    starts = (house.clock.now() + timedelta(days=10)).replace(tzinfo=None, hour=10)
    return await publish(house.work, organisation_id, starts=starts, title=TITLE, description=DESCRIPTION, venue=VENUE)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.example") as client:
        yield client


class _Markup(HTMLParser):
    """Collects elements, and the text of the page as a reader sees it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if [name for name in given if name.startswith("on")] or given.get("src") == "x":
            self.strange.append(tag)
        if (
            tag in ("script", "svg", "b", "i", "u")
            and not {"class", "viewbox", "type", "src"} & set(given)
            and tag in ("script", "svg")
        ):
            self.strange.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


async def test_no_page_and_no_feed_takes_it_for_markup(client: httpx.AsyncClient, hostile: Sheet) -> None:
    slug = hostile.meetup.slug
    sent = await client.post(f"/rencontres/{slug}", data={**USUAL, "full_name": NAME})
    seen = 0
    for address in READ:
        if {"reference", "code", "name"} & set(address.parameters) or address.path.startswith(("/docs", "/openapi")):
            continue
        path = address.path.replace("{slug}", slug).replace("{month}", f"{hostile.meetup.occasion.starts_local:%Y-%m}")
        path = re.sub(r"{\w+(:\w+)?}", str(hostile.meetup.id), path)
        response = await client.get(path, headers=HTML)
        kind = response.headers.get("content-type", "")
        if kind.startswith("text/html"):
            seen += _look(response.text, path)
        elif "xml" in kind:
            assert "<script>" not in response.text, path
        elif "calendar" in kind and "xq7" in response.text:
            assert TITLE in [str(event["SUMMARY"]) for event in Calendar.from_ical(response.content).walk("VEVENT")]
    assert seen >= 4
    if sent.status_code == 303:
        _look((await client.get(sent.headers["location"], headers=HTML)).text, "registration")


def _look(html: str, path: str) -> bool:
    read = _Markup()
    read.feed(html)
    assert read.strange == [], path
    for found in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL):
        assert "<" not in found, path
        json.loads(found)
    text = "".join(read.texts)
    assert "49" not in re.findall(r"\{\{7\*7\}\}|49(?=</b>)", html)
    return TITLE in text or TITLE in unescape(html)


async def test_the_api_hands_it_on_as_it_was_written_and_says_it_is_json(
    client: httpx.AsyncClient, hostile: Sheet, admin: dict[str, str]
) -> None:
    slug, id_ = hostile.meetup.slug, hostile.meetup.id
    shown = await client.get(f"/api/v1/meetups/{slug}")
    assert shown.json()["title"] == TITLE
    assert shown.headers["content-type"] == "application/json"
    assert shown.headers["x-content-type-options"] == "nosniff"
    body = {"full_name": NAME, "email": "zaina@exemple.fr", "headcount": "1-9"}
    sent = await client.post(f"/api/v1/meetups/{id_}/registrations", json=body, headers={"Idempotency-Key": "k"})
    assert sent.status_code == 201
    listed = await client.get(f"/api/v1/meetups/{id_}/registrations", headers=admin)
    assert [item["full_name"] for item in listed.json()["items"]] == [NAME]


async def test_the_calendar_file_keeps_every_character(client: httpx.AsyncClient, hostile: Sheet) -> None:
    response = await client.get(f"/rencontres/{hostile.meetup.slug}.ics")
    [event] = Calendar.from_ical(response.content).walk("VEVENT")
    assert str(event["SUMMARY"]) == TITLE
    assert VENUE.strip() in str(event["LOCATION"])
    assert "attachment" in response.headers["content-disposition"]


@pytest.mark.parametrize(
    ("territory", "zone", "missing", "twice"),
    [
        ("75", "Europe/Paris", "2027-03-28T02:30:00", "2027-10-31T02:30:00"),
        ("975", "America/Miquelon", "2027-03-14T02:30:00", "2027-11-07T01:30:00"),
    ],
)
async def test_hours_that_clocks_skip_are_refused_and_hours_that_come_twice_are_the_first(
    client: httpx.AsyncClient, house: House, admin: dict[str, str], territory: str, zone: str, missing: str, twice: str
) -> None:
    organisation_id = await declare(house.work)
    form: dict[str, object] = {
        "title": "L’IA de nuit",
        "territory": territory,
        "format": "talk",
        "timezone": zone,
        "venue": {"name": "Salle", "address": "1 rue de l’Exemple"},
        "capacity": 10,
        "organisers": [{"organisation_id": str(organisation_id), "role": "lead"}],
    }
    for starts, ends, field in (
        (missing, missing.replace("T02", "T05"), "#/starts_local"),
        (missing.replace("T02", "T00"), missing, "#/ends_local"),
    ):
        refused = await client.post(
            "/api/v1/meetups", json=form | {"starts_local": starts, "ends_local": ends}, headers=admin
        )
        assert refused.status_code == 422, refused.text
        assert [error["pointer"] for error in refused.json()["errors"]] == [field]
    ends = (datetime.fromisoformat(twice) + timedelta(hours=3)).isoformat()
    drafted = await client.post(
        "/api/v1/meetups", json=form | {"starts_local": twice, "ends_local": ends}, headers=admin
    )
    assert drafted.status_code == 201, drafted.text
    await client.post(f"/api/v1/meetups/{drafted.json()['id']}/publish", headers=admin)
    shown = (await client.get(f"/api/v1/meetups/{drafted.json()['id']}")).json()
    assert twice[:16] in json.dumps(shown)
    page = await client.get(f"/rencontres/{shown['slug']}", headers=HTML)
    assert twice[11:16] in page.text
