"""The programme as diaries, feed readers and search engines take it: by the filters of the page, once, and as text."""

# ruff: noqa: DTZ001 - wall times of venues

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar, Event

from services.registration import meetups
from services.registration.editing import When
from tests.integration.registration.making import ADMIN, declare, publish
from tests.integration.registration.pages.conftest import MAMOUDZOU, Site

ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = "</script><b>L’IA</b> & ]]> <!-- « vous » \U0001f600"


async def _events(site: Site, **query: str) -> dict[str, Event]:
    response = await site.browser.get("/calendrier.ics", params=query)
    assert response.status_code == 200
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    return {
        str(event["UID"]): event
        for event in Calendar.from_ical(response.content).walk("VEVENT")
        if isinstance(event, Event)
    }


async def test_a_diary_follows_one_territory_with_uids_that_stay(site: Site) -> None:
    before = await _events(site, territoire="976")
    page = await site.browser.get("/", params={"territoire": "976"})
    count = re.search(r"(\d+) rencontres à venir", page.text)
    assert count
    assert len(before) == int(count[1])
    assert before.keys() == (await _events(site, territoire="976")).keys()
    raw = (await site.browser.get("/calendrier.ics", params={"territoire": "976"})).text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in raw
    assert raw.count("BEGIN:VTIMEZONE") == 1
    assert "TZID:Indian/Mayotte" in raw


async def test_a_move_raises_the_sequence_and_a_cancellation_stays_for_a_month(site: Site) -> None:
    sheet = await publish(site.work, await declare(site.work), starts=datetime(2027, 1, 14, 10), territory="975")
    uid = f"{sheet.meetup.id}@rencontres"
    assert (await _events(site, territoire="975"))[uid]["SEQUENCE"] == 0
    later = datetime(2027, 3, 18, 10)
    await meetups.reschedule(
        site.work,
        sheet.meetup.id,
        When(starts_local=later, ends_local=later + timedelta(hours=1)),
        place=None,
        by=ADMIN,
    )
    moved = (await _events(site, territoire="975"))[uid]
    assert (moved["SEQUENCE"], moved["STATUS"]) == (1, "CONFIRMED")
    assert isinstance(moved.start, datetime)
    assert moved.start.replace(tzinfo=None) == later
    await meetups.cancel(site.work, sheet.meetup.id, by=ADMIN)
    cancelled = (await _events(site, territoire="975"))[uid]
    assert (cancelled["SEQUENCE"], cancelled["STATUS"]) == (2, "CANCELLED")
    site.later(days=31)
    assert uid not in await _events(site, territoire="975")


@pytest.mark.parametrize(
    "path", ["/calendrier.ics", "/programme.atom", "/programme.json", "/sitemap.xml", "/en/programme.atom"]
)
async def test_what_did_not_change_is_not_sent_again(site: Site, path: str) -> None:
    first = await site.browser.get(path)
    tag = first.headers["etag"]
    again = await site.browser.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert (
        await site.browser.get(path, headers={"If-None-Match": '"other", W/' + tag.removeprefix("W/")})
    ).status_code == 304
    async with site.work.database.connection() as connection:
        await connection.execute(
            "UPDATE meetups SET title = 'Autre', changed_at = changed_at + interval '1 s' WHERE slug = (SELECT slug FROM meetups WHERE status = 'published' ORDER BY starts_at LIMIT 1)"
        )
    assert (await site.browser.get(path, headers={"If-None-Match": tag})).status_code == 200


async def test_markup_in_a_title_is_a_text_wherever_it_is_read(site: Site) -> None:
    sheet = await publish(
        site.work,
        await declare(site.work, name="<i>CCI</i>"),
        starts=datetime(2026, 12, 1, 10),
        territory="975",
        title=NASTY,
        description="<script>alert(1)</script>",
        venue="<u>Salle</u>",
    )
    for path in ("/?territoire=975", f"/rencontres/{sheet.meetup.slug}", "/calendrier/2026-12?territoire=975"):
        html = (await site.browser.get(path)).text
        for tag in ("<b>L’IA", "</script><b>", "<i>CCI", "<u>Salle", "<script>alert"):
            assert tag not in html, path
    page = (await site.browser.get(f"/rencontres/{sheet.meetup.slug}")).text
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert data
    assert json.loads(data[1])["name"] == NASTY
    assert str((await _events(site, territoire="975"))[f"{sheet.meetup.id}@rencontres"]["SUMMARY"]) == NASTY
    written = (await site.browser.get("/programme.atom", params={"territoire": "975"})).content
    assert b"<feed xmlns=" in written
    assert b"ns0:" not in written
    feed = ET.fromstring(written)
    assert NASTY in [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    items = (await site.browser.get("/programme.json", params={"territoire": "975"})).json()["items"]
    assert NASTY in [item["title"] for item in items]


async def test_feeds_hold_what_the_page_shows_and_say_where_they_are(site: Site) -> None:
    page = (await site.browser.get("/", params={"niveau": "advanced", "territoire": "29"})).text
    addresses = dict(re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)"', page))
    atom = ET.fromstring((await site.browser.get(addresses["application/atom+xml"].replace("&amp;", "&"))).content)
    feed = (await site.browser.get(addresses["application/feed+json"].replace("&amp;", "&"))).json()
    shown = set(re.findall(r'href="/rencontres/([a-z0-9-]+)"', page.partition('id="g1"')[0]))
    assert {item["url"].rsplit("/", 1)[1] for item in feed["items"]} == shown
    assert len(list(atom.iter(f"{ATOM}entry"))) == len(shown)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"].startswith("https://rencontres.example/programme.json?")
    assert atom.findtext(f"{ATOM}id", "").startswith("https://rencontres.example/programme.atom?")


async def test_the_site_map_tells_each_page_in_both_languages(site: Site) -> None:
    xml = (await site.browser.get("/sitemap.xml")).text
    assert f"<loc>https://rencontres.example/rencontres/{MAMOUDZOU}</loc>" in xml
    assert f"<loc>https://rencontres.example/en/rencontres/{MAMOUDZOU}</loc>" in xml
    assert f'hreflang="en" href="https://rencontres.example/en/rencontres/{MAMOUDZOU}"' in xml
    for address in re.findall(r"<loc>https://rencontres\.example(/[^<]*)</loc>", xml)[:12]:
        assert (await site.browser.get(address)).status_code == 200


@pytest.mark.parametrize("hidden", ["status = 'draft', version = 0", "visibility = 'private'"])
async def test_drafts_and_private_meetups_stand_in_no_list_and_no_feed(site: Site, hidden: str) -> None:
    paths = (
        "/",
        "/calendrier/2027-02",
        "/api/v1/meetups",
        "/sitemap.xml",
        "/programme.json",
        "/programme.atom",
        "/calendrier.ics",
    )
    queries = {path: {"territory": "976"} if "/api/" in path else {"territoire": "976"} for path in paths}
    for path in paths:
        assert MAMOUDZOU in (await site.browser.get(path, params=queries[path])).text, path
    async with site.work.database.connection() as connection:
        await connection.execute(f"UPDATE meetups SET {hidden} WHERE slug = $1", MAMOUDZOU)
    for path in paths:
        assert MAMOUDZOU not in (await site.browser.get(path, params=queries[path])).text, path
