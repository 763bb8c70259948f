"""Who lost a mail asks with the address: the page says the same to everybody, and the mail goes to who has it."""

import json
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from services.registration.links import answer_due
from tests.integration.registration.pages.conftest import Site
from tests.integration.registration.pages.test_way_of_an_attendee import _press, _register

MINE = "zaina@exemple.fr"


async def _ask(site: Site, email: str, *, prefix: str = "") -> httpx.Response:
    return await site.browser.post(f"{prefix}/mes-inscriptions", data={"email": email})


async def _told(site: Site) -> list[dict[str, object]]:
    """The requests that were told, oldest first."""
    async with site.work.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT body FROM event_log WHERE type = 'fr.rencontres.person.links_requested.v1' ORDER BY position"
        )
    return [json.loads(row["body"]) for row in rows]


async def _ids(site: Site, *references: str) -> list[str]:
    async with site.work.database.connection() as connection:
        rows = await connection.fetch("SELECT id, reference FROM registrations")
    ids: dict[str, UUID] = {row["reference"]: row["id"] for row in rows}
    return [str(ids[reference]) for reference in references]


async def test_the_links_of_an_address_are_asked_for_once_however_often_it_is_typed(site: Site) -> None:
    reference = await _register(site)
    for typed in (MINE, "ZAINA@Exemple.fr", f" {MINE} "):
        assert (await _ask(site, typed)).status_code == 303
    assert await answer_due(site.work) == 3
    [told] = await _told(site)
    assert (told["reason"], told["locale"]) == ("asked", "fr")
    assert told["registration_ids"] == await _ids(site, reference)


async def test_the_answer_is_the_same_for_an_address_of_nobody(site: Site) -> None:
    await _register(site)
    mine, nobodys = await _ask(site, MINE), await _ask(site, "personne@exemple.fr")
    assert (mine.status_code, mine.headers["location"]) == (nobodys.status_code, nobodys.headers["location"])
    assert (await site.browser.get(mine.headers["location"])).status_code == 200
    async with site.work.database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM link_requests") == 2
    assert await answer_due(site.work) == 2
    assert len(await _told(site)) == 1
    assert await answer_due(site.work) == 0


async def test_one_person_is_written_to_once_an_hour(site: Site) -> None:
    await _register(site)
    await _ask(site, MINE)
    await answer_due(site.work)
    site.later(minutes=59)
    await _ask(site, MINE)
    await answer_due(site.work)
    assert len(await _told(site)) == 1
    site.later(minutes=2)
    await _ask(site, MINE, prefix="/en")
    await answer_due(site.work)
    assert [told["locale"] for told in await _told(site)] == ["fr", "en"]


async def test_whoever_registers_an_address_again_does_not_keep_its_owner_from_asking(site: Site) -> None:
    await _register(site)
    await _register(site)
    await answer_due(site.work)
    await _ask(site, MINE)
    await answer_due(site.work)
    assert [told["reason"] for told in await _told(site)] == ["registered_again", "asked"]


async def test_what_was_given_back_is_found_only_when_there_is_nothing_else(site: Site) -> None:
    reference = await _register(site)
    await _press(site, reference, "annuler")
    await _ask(site, MINE)
    await answer_due(site.work)
    site.later(hours=2)
    again = await _register(site)
    await _ask(site, MINE)
    await answer_due(site.work)
    found = [told["registration_ids"] for told in await _told(site)]
    assert found == [await _ids(site, reference), await _ids(site, again)]


async def test_a_link_asked_for_long_after_the_meetup_still_opens_for_a_week(site: Site) -> None:
    reference = await _register(site)
    async with site.work.database.connection() as connection:
        await connection.execute("UPDATE meetups SET ends_at = now() - interval '1 year', starts_at = now() - interval '400 days',"
                                 " closes_at = now() - interval '400 days'")  # fmt: skip
        await site.token(reference)
        left = await connection.fetchval("SELECT max(expires_at) - now() FROM access_tokens WHERE purpose = 'manage'")
    assert timedelta(days=6) < left <= timedelta(days=7)


async def test_whoever_was_erased_meanwhile_is_not_looked_for(site: Site) -> None:
    await _register(site)
    await _ask(site, MINE)
    async with site.work.database.connection() as connection:
        await connection.execute("DELETE FROM people")
    assert await answer_due(site.work) == 1
    assert await _told(site) == []


@pytest.mark.parametrize(
    "email", ["", "zaina@", "x" * 300, "zaina@exemple.fr\r\nBcc: all@exemple.fr", "\u0000@exemple.fr"]
)
async def test_what_is_no_address_is_said_and_kept(site: Site, email: str) -> None:
    response = await _ask(site, email)
    assert response.status_code == 422
    assert 'href="#email"' in response.text
    assert await answer_due(site.work) == 0


async def test_a_program_asks_in_the_same_way(site: Site) -> None:
    await _register(site)
    for email in (MINE, "personne@exemple.fr"):
        response = await site.browser.post("/api/v1/links", json={"email": email, "locale": "en"})
        assert (response.status_code, response.content) == (202, b"")
    await answer_due(site.work)
    assert [told["locale"] for told in await _told(site)] == ["en"]


@pytest.mark.parametrize("code", ["7K4QX9M2TC7K4QX9M2TC7K4QX9", "x", "x" * 300])
async def test_the_code_of_a_ticket_shows_nobody(site: Site, code: str) -> None:
    shown, other = await site.browser.get(f"/b/{code}"), await site.browser.get("/b/other")
    assert shown.status_code == 200
    assert shown.text.replace(f"/b/{code}", "") == other.text.replace("/b/other", "")
