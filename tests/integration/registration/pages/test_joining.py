"""Where to join online: for confirmed seats online behind their mailed link, and nowhere else."""

# ruff: noqa: DTZ001 - wall times of venues

import re
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from icalendar import Calendar, Event

from contracts.contacts import AttendeeQuery, ContactQuery
from services.registration.contacts import look_up
from services.registration.organisers import Scope, mint_token
from tests.integration.registration.making import declare, publish
from tests.integration.registration.pages.conftest import Site
from tests.integration.registration.pages.test_way_of_an_attendee import _key, _press

SECRET = "https://visio.example/salle?cle=7f3a"


async def _organiser(site: Site) -> dict[str, str]:
    token = await mint_token(site.work, name="test", scopes=Scope, lasts=timedelta(days=90))
    return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


async def _change(site: Site, meetup_id: UUID, **changes: object) -> httpx.Response:
    return await site.browser.patch(f"/api/v1/meetups/{meetup_id}", json=changes, headers=await _organiser(site))


async def _hybrid(site: Site) -> tuple[UUID, str]:
    sheet = await publish(
        site.work, await declare(site.work), starts=datetime(2027, 3, 18, 10), attendance_mode="hybrid"
    )
    return sheet.meetup.id, sheet.meetup.slug


async def _register(site: Site, slug: str, mode: str) -> str:
    key = _key((await site.browser.get(f"/rencontres/{slug}")).text)
    typed = {"full_name": mode, "email": f"{mode}@exemple.fr", "headcount": "1-9", "idempotency_key": key, "mode": mode}
    sent = await site.browser.post(f"/rencontres/{slug}", data=typed)
    return urlsplit(sent.headers["location"]).path.rsplit("/", 1)[1]


async def _page(site: Site, reference: str, token: str, path: str = "") -> str:
    return unescape((await site.browser.get(f"/inscriptions/{reference}{path}", params={"token": token})).text)


async def _mailed(site: Site, reference: str) -> str | None:
    """Return what a mail would tell."""
    async with site.work.database.connection() as connection:
        row = await connection.fetchrow("SELECT id, person_id FROM registrations WHERE reference = $1", reference)
    assert row is not None
    query = ContactQuery(attendees=(AttendeeQuery(person_id=row["person_id"], registration_id=row["id"]),))
    return (await look_up(site.work.database, query)).attendees[0].join_url


async def _entry(site: Site, reference: str) -> Event:
    text = await _page(site, reference, await site.token(reference), "/invitation.ics")
    [entry] = Calendar.from_ical(text).walk("VEVENT")
    assert isinstance(entry, Event)
    return entry


async def test_organisers_publish_without_one_are_told_what_is_missing_and_add_it_later(site: Site) -> None:
    meetup_id, _ = await _hybrid(site)
    renamed = (await _change(site, meetup_id, title="Autre titre")).json()
    assert (renamed["join_url"], renamed["missing"]) == (None, ["join_url"])
    added = (await _change(site, meetup_id, join_url=f"  {SECRET} ")).json()
    assert (added["join_url"], added["missing"], added["version"]) == (SECRET, [], 3)
    kept = (await _change(site, meetup_id, title="Encore un titre")).json()
    assert kept["join_url"] == SECRET
    taken = (await _change(site, meetup_id, join_url=None)).json()
    assert (taken["join_url"], taken["missing"]) == (None, ["join_url"])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("javascript:alert(1)", "invalid-address"),
        ("http://visio.example/", "invalid-address"),
        ("https://me:pw@visio.example/", "invalid-address"),
        ("", "invalid-address"),
        (7, "wrong-type"),
    ],
)
async def test_what_is_no_address_to_join_is_refused(site: Site, wrong: object, code: str) -> None:
    meetup_id, _ = await _hybrid(site)
    refused = await _change(site, meetup_id, join_url=wrong)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-input")
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [("#/join_url", code)]


async def test_only_a_confirmed_seat_online_and_its_mailed_link_tell_where_to_join(site: Site) -> None:
    meetup_id, slug = await _hybrid(site)
    await _change(site, meetup_id, join_url=SECRET)
    screen, room = await _register(site, slug, "online"), await _register(site, slug, "onsite")
    assert await _mailed(site, screen) is None
    for reference in (screen, room):
        assert SECRET not in await _page(site, reference, await site.token(reference))
        await _press(site, reference, "confirmer")
    page = await _page(site, screen, await site.token(screen))
    assert f'<a class="address" href="{SECRET}" rel="noreferrer">' in page
    assert SECRET not in await _page(site, screen, await site.look(screen))
    assert SECRET not in await _page(site, room, await site.token(room))
    assert (await _mailed(site, screen), await _mailed(site, room)) == (SECRET, None)
    entry = await _entry(site, screen)
    assert entry["LOCATION"] == SECRET
    assert [conference.uri for conference in entry.conferences] == [SECRET]
    assert "visio" not in (await _entry(site, room)).to_ical().decode()
    answer = f"/api/v1/registrations/{screen}"
    json = {"Accept": "application/json"}
    for token, told in ((await site.token(screen), SECRET), (await site.look(screen), None)):
        found = await site.browser.get(answer, headers=json | {"Authorization": f"Bearer {token}"})
        assert found.json()["join_url"] == told
    await _press(site, screen, "annuler")
    assert SECRET not in await _page(site, screen, await site.token(screen))
    assert await _mailed(site, screen) is None


async def test_nothing_public_and_no_event_tells_where_to_join(site: Site) -> None:
    meetup_id, slug = await _hybrid(site)
    await _change(site, meetup_id, join_url=SECRET)
    reference = await _register(site, slug, "online")
    await _press(site, reference, "confirmer")
    public = (
        *(f"/rencontres/{slug}", f"/en/rencontres/{slug}", f"/rencontres/{slug}.ics", f"/api/v1/meetups/{meetup_id}"),
        *(f"/api/v1/meetups/{slug}", "/api/v1/meetups?from=2027-03-01&to=2027-04-01", "/calendrier.ics"),
        *(
            "/programme.atom",
            "/programme.json",
            "/?mois=2027-03",
            "/sitemap.xml",
            f"/rencontres/{slug}/donnees-personnelles",
        ),
    )
    for path in public:
        found = await site.browser.get(path)
        assert found.status_code == 200, path
        assert "visio.example/salle" not in found.text, path
        assert "join_url" not in found.text, path
    async with site.work.database.connection() as connection:
        bodies = await connection.fetch("SELECT body::text AS body FROM event_log")
    assert not [row for row in bodies if re.search(r"visio\.example/salle", row["body"])]


async def test_another_address_raises_the_sequence_of_the_entry_and_tells_how_often_in_the_event(site: Site) -> None:
    meetup_id, slug = await _hybrid(site)
    reference = await _register(site, slug, "online")
    await _press(site, reference, "confirmer")
    assert "L’adresse n’est pas encore connue" in await _page(site, reference, await site.token(reference))
    before = await _entry(site, reference)
    assert (before["SEQUENCE"], before["LOCATION"], before.conferences) == (0, "En ligne", [])
    for address in (SECRET, SECRET, "https://visio.example/autre"):
        await _change(site, meetup_id, join_url=address)
    after = await _entry(site, reference)
    assert (after["SEQUENCE"], after["UID"]) == (2, before["UID"])
    assert after["LOCATION"] == "https://visio.example/autre"
    async with site.work.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT body::json ->> 'join_changes' AS told FROM event_log WHERE aggregate_id = $1 ORDER BY position",
            meetup_id,
        )
    assert [row["told"] for row in rows] == [None, "1", "2"]
