"""A confirmed seat changes between on site and online, or goes to somebody else."""

from html import unescape

import httpx
import pytest

from tests.integration.registration.pages.conftest import MAMOUDZOU, Site
from tests.integration.registration.pages.test_way_of_an_attendee import _open, _press, _register

COLLEAGUE = {"full_name": "Élise Mbaé", "email": "elise@exemple.fr"}


async def _confirmed(site: Site, **answers: str) -> str:
    reference = await _register(site, **answers)
    await _press(site, reference, "confirmer")
    return reference


async def _get(site: Site, reference: str, path: str) -> str:
    token = await site.token(reference)
    return unescape((await site.browser.get(f"/inscriptions/{reference}/{path}", params={"token": token})).text)


async def _post(site: Site, reference: str, path: str, *, token: str = "", **fields: str) -> httpx.Response:
    data = {"token": token or await site.token(reference), **fields}
    return await site.browser.post(f"/inscriptions/{reference}/{path}", data=data, follow_redirects=True)


async def _hybrid(site: Site, *, online: int) -> None:
    """Let the meetup have seats online as well."""
    async with site.work.database.connection() as connection:
        meetup = await connection.fetchval(
            "UPDATE meetups SET attendance_mode = 'hybrid' WHERE slug = $1 RETURNING id", MAMOUDZOU
        )
        await connection.execute(
            "INSERT INTO rooms (meetup_id, mode, capacity, overbooking_percent) VALUES ($1, 'online', $2, 0)",
            meetup,
            online,
        )


async def _modes(site: Site) -> list[tuple[str, str]]:
    async with site.work.database.connection() as connection:
        rows = await connection.fetch("SELECT mode, status FROM registrations ORDER BY registered_at, id")
    return [(row["mode"], row["status"]) for row in rows]


async def _kept_of(site: Site, email: str) -> tuple[int, int]:
    """How many people have this address, and how many registrations carry their name."""
    async with site.work.database.connection() as connection:
        row = await connection.fetchrow(
            """SELECT count(DISTINCT p.id) AS people, count(a.registration_id) AS names
               FROM people AS p LEFT JOIN attendees AS a ON a.person_id = p.id WHERE p.email = $1""",
            email,
        )
    assert row is not None
    return row["people"], row["names"]


async def test_a_seat_changes_from_on_site_to_online_at_once(site: Site) -> None:
    await _hybrid(site, online=1)
    reference = await _confirmed(site, mode="onsite")
    assert "Il reste une place." in await _get(site, reference, "mode")
    after = unescape((await _post(site, reference, "mode", mode="online")).text)
    assert "C’est changé." in after
    assert "Votre place en ligne est confirmée." in after
    assert await _modes(site) == [("online", "confirmed")]


async def test_where_the_other_way_is_full_the_place_is_kept_and_it_says_so(site: Site) -> None:
    await _hybrid(site, online=1)
    first = await _confirmed(site, mode="onsite")
    second = await _confirmed(site, mode="onsite", email="b@exemple.fr")
    await _post(site, first, "mode", mode="online")
    assert "En ligne, c’est complet" in await _get(site, second, "mode")
    refused = await _post(site, second, "mode", mode="online")
    assert refused.status_code == 409
    assert "Aucune place n’est libre" in unescape(refused.text)
    assert sorted(await _modes(site)) == [("online", "confirmed"), ("onsite", "confirmed")]


async def test_a_meetup_with_one_way_has_nothing_to_choose(site: Site) -> None:
    reference = await _confirmed(site)
    assert "C’est noté, à bientôt" in await _get(site, reference, "mode")
    assert "/mode?" not in (await _open(site, reference)).text


async def test_a_seat_handed_over_is_the_colleagues_and_ones_own_is_cancelled(site: Site) -> None:
    reference = await _confirmed(site)
    assert "Céder ma place" in await _get(site, reference, "ceder")
    token = await site.token(reference)
    after = await _post(site, reference, "ceder", token=token, **COLLEAGUE)
    assert "Votre place est cédée." in unescape(after.text)
    assert sorted(status for _, status in await _modes(site)) == ["cancelled", "held"]
    again = await _post(site, reference, "ceder", token=token, **COLLEAGUE)
    assert again.status_code == 409
    assert sorted(status for _, status in await _modes(site)) == ["cancelled", "held"]
    later = unescape((await site.browser.get(f"/inscriptions/{reference}", params={"token": token})).text)
    assert "<h1>Votre place est cédée</h1>" in later
    assert "confirmer" not in later
    assert "M’inscrire à nouveau" not in later


async def test_who_gets_a_seat_reads_where_the_address_comes_from_and_declines_with_one_button(site: Site) -> None:
    reference = await _confirmed(site)
    await _post(site, reference, "ceder", **COLLEAGUE)
    async with site.work.database.connection() as connection:
        theirs = await connection.fetchval("SELECT reference FROM registrations WHERE named_by = 'predecessor'")
    page = unescape((await _open(site, theirs)).text)
    assert "vous a cédé sa place et nous a donné votre nom, votre adresse" in page
    assert "zaina" not in page.lower()
    assert "<h1>Refuser la place\u202f?</h1>" in await _get(site, theirs, "annuler")
    assert sorted(status for _, status in await _modes(site)) == ["cancelled", "held"]
    token = await site.token(theirs)
    refused = await _post(site, theirs, "annuler", token=token)
    assert refused.url.path == "/place-refusee"
    assert "C’est refusé et effacé" in unescape(refused.text)
    assert [status for _, status in await _modes(site)] == ["cancelled", "cancelled"]
    assert await _kept_of(site, COLLEAGUE["email"]) == (0, 0), "as the button says, nothing is kept"
    assert (await _post(site, theirs, "annuler", token=token)).status_code == 404
    async with site.work.database.connection() as connection:
        told = await connection.fetchval("SELECT count(*) FROM event_log WHERE type = 'fr.rencontres.person.erased.v1'")
    assert told == 1, "the other services forget as well"


async def test_who_declines_keeps_what_they_had_registered_for_themselves(site: Site) -> None:
    own = await _register(site, email=COLLEAGUE["email"])
    reference = await _confirmed(site)
    await _press(site, own, "annuler")
    await _post(site, reference, "ceder", **COLLEAGUE)
    async with site.work.database.connection() as connection:
        theirs = await connection.fetchval("SELECT reference FROM registrations WHERE named_by = 'predecessor'")
    assert (await _post(site, theirs, "annuler")).url.path == "/place-refusee"
    assert await _kept_of(site, COLLEAGUE["email"]) == (1, 1)


async def test_whom_a_legal_claim_needs_declines_and_is_kept(site: Site) -> None:
    reference = await _confirmed(site)
    await _post(site, reference, "ceder", **COLLEAGUE)
    async with site.work.database.connection() as connection:
        theirs = await connection.fetchval(
            """INSERT INTO legal_holds (person_id, file, held_at)
               SELECT person_id, 'F-1', registered_at FROM registrations WHERE named_by = 'predecessor'
               RETURNING (SELECT reference FROM registrations WHERE named_by = 'predecessor')"""
        )
    after = await _post(site, theirs, "annuler")
    assert after.url.path == f"/inscriptions/{theirs}"
    assert await _kept_of(site, COLLEAGUE["email"]) == (1, 1)


async def test_a_seat_goes_to_nobody_where_the_address_is_none_or_ones_own(site: Site) -> None:
    reference = await _confirmed(site)
    for email, words in (("elise@", "n’est pas complète"), ("Zaina@exemple.fr", "C’est votre propre adresse")):
        refused = await _post(site, reference, "ceder", full_name="Élise <b>", email=email)
        assert refused.status_code == 422
        assert words in unescape(refused.text)
        assert 'value="Élise &lt;b&gt;"' in refused.text
    assert await _modes(site) == [("onsite", "confirmed")]


async def test_only_a_confirmed_seat_is_handed_over(site: Site) -> None:
    reference = await _register(site)
    assert "Confirmez votre place" in await _get(site, reference, "ceder")
    refused = await _post(site, reference, "ceder", **COLLEAGUE)
    assert refused.status_code == 409
    assert [status for _, status in await _modes(site)] == ["held"]


@pytest.mark.parametrize("path", ["mode", "ceder", "corriger"])
async def test_the_link_shown_after_the_form_moves_nothing(site: Site, path: str) -> None:
    reference = await _confirmed(site)
    token = await site.look(reference)
    assert (await _post(site, reference, path, token=token, mode="online", **COLLEAGUE)).status_code == 403
    assert await _modes(site) == [("onsite", "confirmed")]
