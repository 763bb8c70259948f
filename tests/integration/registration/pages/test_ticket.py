"""What one takes along: the ticket with its code, and the entry for a calendar."""

import re
from html import unescape

import pytest
from icalendar import Calendar

from contracts import calendar_entry
from services.registration.domain.tickets import address
from services.registration.pages.attendee.qr import qr_code
from tests.integration.registration.pages.conftest import MAMOUDZOU, Site
from tests.integration.registration.pages.test_way_of_an_attendee import _open, _press, _register


async def _confirmed(site: Site) -> str:
    reference = await _register(site)
    await _press(site, reference, "confirmer")
    return reference


async def _fetch(site: Site, reference: str, path: str, *, prefix: str = "") -> tuple[int, str, str]:
    response = await site.browser.get(
        f"{prefix}/inscriptions/{reference}/{path}", params={"token": await site.token(reference)}
    )
    return response.status_code, response.headers["content-type"], response.text


async def test_the_ticket_holds_the_code_that_the_door_reads(site: Site) -> None:
    reference = await _confirmed(site)
    _, _, page = await _fetch(site, reference, "billet")
    async with site.work.database.connection() as connection:
        ticket = await connection.fetchval("SELECT ticket FROM registrations WHERE reference = $1", reference)
    code = address(ticket, public_url="https://rencontres.example")
    assert str(qr_code(code)) in page
    assert code not in page, "it is drawn, not written: a code in the text would be copied"
    shown = unescape(page)
    assert reference in shown
    assert "Zaïna M’Changama" in shown
    assert "mercredi 25 novembre 2026" not in shown
    assert "heure de Mayotte" in shown


@pytest.mark.parametrize("path", ["billet", "invitation.ics"])
async def test_without_a_confirmed_seat_there_is_nothing_to_take_along(site: Site, path: str) -> None:
    reference = await _register(site)
    status, kind, page = await _fetch(site, reference, path)
    assert (status, kind) == (200, "text/html; charset=utf-8")
    assert "Confirmez votre place" in page
    await _press(site, reference, "annuler")
    assert "Votre inscription est annulée" in (await _fetch(site, reference, path))[2]


async def test_the_entry_is_the_one_of_the_mailed_invitation(site: Site) -> None:
    reference = await _confirmed(site)
    status, kind, text = await _fetch(site, reference, "invitation.ics")
    assert (status, kind) == (200, "text/calendar; charset=utf-8; method=PUBLISH")
    async with site.work.database.connection() as connection:
        row = await connection.fetchrow(
            "SELECT r.id, m.calendar_sequence FROM registrations AS r JOIN meetups AS m ON m.id = r.meetup_id WHERE reference = $1",
            reference,
        )
    assert row is not None
    calendar = Calendar.from_ical(text)
    [entry] = calendar.walk("VEVENT")
    lines = calendar.to_ical().decode().splitlines()
    assert "METHOD:PUBLISH" in lines
    assert f"UID:{calendar_entry.uid(row['id'], public_url='https://rencontres.example')}" in lines
    assert f"SEQUENCE:{row['calendar_sequence']}" in lines
    assert "ORGANIZER;CN=Rencontres:mailto:rencontres@rencontres.example" in lines
    assert [line for line in lines if line.startswith("DTSTART;TZID=Indian/Mayotte:202702")]
    assert "attendee" not in entry, "who publishes names nobody (RFC 5546, 3.2.1)"
    assert "token" not in text


async def test_moving_the_meetup_raises_the_sequence(site: Site) -> None:
    reference = await _confirmed(site)
    async with site.work.database.connection() as connection:
        await connection.execute(
            "UPDATE meetups SET calendar_sequence = calendar_sequence + 1 WHERE slug = $1", MAMOUDZOU
        )
        sequence = await connection.fetchval("SELECT calendar_sequence FROM meetups WHERE slug = $1", MAMOUDZOU)
    _, _, text = await _fetch(site, reference, "invitation.ics", prefix="/en")
    assert re.search(rf"^SEQUENCE:{sequence}\r?$", text, re.MULTILINE)
    assert f"Reference: {reference}" in text


async def test_the_link_shown_after_the_form_opens_no_ticket(site: Site) -> None:
    reference = await _confirmed(site)
    again = await site.browser.get(f"/inscriptions/{reference}/billet", params={"token": "x"})
    assert again.status_code == 404
    assert "Ouvrir mon billet" in (await _open(site, reference)).text
