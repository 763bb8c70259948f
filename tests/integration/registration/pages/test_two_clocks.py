"""The time-zone vectors of the network on pages, in calendar files and in the API: the venue's hour first, the visitor's beside it."""

# ruff: noqa: DTZ001 - wall times of venues

import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from services.registration.pages.whereabouts import clock_of
from services.registration.store.meetups import Sheet
from tests.integration.registration.making import declare, publish
from tests.integration.registration.pages.conftest import Site

PLACES = (
    *("975", "973", "971", "972", "976", "974", "986", "988"),
    *("987", "987.Pacific/Marquesas", "987.Pacific/Gambier"),
)
WEBINARS = {
    datetime(2027, 1, 14, 10): (
        *("14 06:00", "14 06:00", "14 05:00", "14 05:00", "14 12:00", "14 13:00", "14 21:00", "14 20:00"),
        *("13 23:00", "13 23:30", "14 00:00"),
    ),
    datetime(2027, 3, 18, 10): (
        *("18 07:00", "18 06:00", "18 05:00", "18 05:00", "18 12:00", "18 13:00", "18 21:00", "18 20:00"),
        *("17 23:00", "17 23:30", "18 00:00"),
    ),
    datetime(2027, 7, 15, 10): (
        *("15 06:00", "15 05:00", "15 04:00", "15 04:00", "15 11:00", "15 12:00", "15 20:00", "15 19:00"),
        *("14 22:00", "14 22:30", "14 23:00"),
    ),
}
"""Day and hour in each of PLACES of a webinar at 10:00 in Paris."""


async def _webinar(site: Site, starts: datetime) -> Sheet:
    return await publish(
        site.work, await declare(site.work), starts=starts, attendance_mode="online", title="Webinaire"
    )


def _instant(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).astimezone(UTC)


@pytest.mark.parametrize("starts", WEBINARS, ids=str)
async def test_a_webinar_at_ten_in_paris_shows_the_hour_of_wherever_one_is(site: Site, starts: datetime) -> None:
    slug = (await _webinar(site, starts)).meetup.slug
    stated = (await site.browser.get(f"/api/v1/meetups/{slug}")).json()
    assert (stated["starts_local"], stated["timezone"]) == (starts.isoformat(), "Europe/Paris")
    for chez, vector in zip(PLACES, WEBINARS[starts], strict=True):
        day, hour = vector.split()
        there = _instant(stated["starts_at"]).astimezone(ZoneInfo(clock_of(chez) or ""))
        assert f"{there:%d %H:%M}" == vector, chez
        html = unescape((await site.browser.get(f"/rencontres/{slug}", params={"chez": chez})).text)
        assert f"{starts.day} " in html
        assert "de 10:00 à 12:00, heure de Paris" in html
        shown = f"soit de {hour} à" if int(day) == starts.day else f"{int(day)} "
        assert shown in html.split("heure de Paris", 1)[1], chez
        assert hour in html.split("heure de Paris", 1)[1]


@pytest.mark.parametrize(
    ("territory", "zone", "starts", "utc"),
    [
        # Saint-Pierre-et-Miquelon changes its clocks on 14 March and 7 November 2027.
        ("975", "America/Miquelon", datetime(2027, 3, 13, 18), "2027-03-13T21:00Z"),
        ("975", "America/Miquelon", datetime(2027, 3, 15, 18), "2027-03-15T20:00Z"),
        ("975", "America/Miquelon", datetime(2027, 11, 6, 18), "2027-11-06T20:00Z"),
        ("975", "America/Miquelon", datetime(2027, 11, 8, 18), "2027-11-08T21:00Z"),
        # Paris on 28 March and 31 October.
        ("75", "Europe/Paris", datetime(2027, 3, 27, 18), "2027-03-27T17:00Z"),
        ("75", "Europe/Paris", datetime(2027, 3, 29, 18), "2027-03-29T16:00Z"),
        ("75", "Europe/Paris", datetime(2027, 10, 30, 18), "2027-10-30T16:00Z"),
        ("75", "Europe/Paris", datetime(2027, 11, 1, 18), "2027-11-01T17:00Z"),
        # The clocks of Mayotte and the Marquesas stay.
        ("976", "Indian/Mayotte", datetime(2027, 3, 27, 18), "2027-03-27T15:00Z"),
        ("976", "Indian/Mayotte", datetime(2027, 3, 29, 18), "2027-03-29T15:00Z"),
        ("987", "Pacific/Marquesas", datetime(2027, 3, 27, 18), "2027-03-28T03:30Z"),
        ("987", "Pacific/Marquesas", datetime(2027, 3, 29, 18), "2027-03-30T03:30Z"),
    ],
)
async def test_a_meetup_is_at_its_venues_hour_on_both_sides_of_a_change_of_clocks(
    site: Site, territory: str, zone: str, starts: datetime, utc: str
) -> None:
    sheet = await publish(site.work, await declare(site.work), territory=territory, timezone=zone, starts=starts)
    slug = sheet.meetup.slug
    stated = (await site.browser.get(f"/api/v1/meetups/{slug}")).json()
    assert (stated["starts_local"], _instant(stated["starts_at"])) == (starts.isoformat(), _instant(utc))
    page = unescape((await site.browser.get(f"/rencontres/{slug}")).text)
    assert "de 18:00 à 20:00" in page
    assert "soit" not in page.split("de 18:00 à 20:00", 1)[1][:200]
    (event,) = Calendar.from_ical((await site.browser.get(f"/rencontres/{slug}.ics")).content).walk("VEVENT")
    assert isinstance(event, Event)
    assert event["DTSTART"].params["TZID"] == zone
    assert isinstance(event.start, datetime)
    assert event.start.replace(tzinfo=None) == starts
    assert event.start.astimezone(UTC) == _instant(utc)


async def test_a_place_nobody_knows_shows_the_venues_hour_alone(site: Site) -> None:
    slug = (await _webinar(site, datetime(2027, 1, 14, 10))).meetup.slug
    for chez in ("", "97600", "<script>", "987.Europe/Paris", "x" * 5000):
        response = await site.browser.get(f"/rencontres/{slug}", params={"chez": chez})
        assert response.status_code == 200
        assert ", soit " not in response.text
        assert 'class="there"' not in response.text


@pytest.mark.parametrize("starts", [datetime(2027, 3, 11, 10), datetime(2027, 3, 18, 10)], ids=str)
async def test_where_a_visitor_is_goes_with_the_registration_into_every_event(site: Site, starts: datetime) -> None:
    slug = (await _webinar(site, starts)).meetup.slug
    page = await site.browser.get(f"/rencontres/{slug}", params={"chez": "975"})
    [action] = re.findall(r'<form action="(/rencontres/[^"#]+)', page.text)
    [key] = re.findall(r'name="idempotency_key" value="([^"]+)"', page.text)
    typed = {"full_name": "Zaïna", "email": "zaina@exemple.fr", "headcount": "1-9", "idempotency_key": key}
    wrong = await site.browser.post(unescape(action), data=typed | {"email": "zaina@"})
    assert wrong.status_code == 422
    [action] = re.findall(r'<form action="(/rencontres/[^"#]+)', wrong.text)
    sent = await site.browser.post(unescape(action), data=typed)
    reference = urlsplit(sent.headers["location"]).path.rsplit("/", 1)[1]
    await site.browser.post(f"/inscriptions/{reference}/confirmer", data={"token": await site.token(reference)})
    async with site.work.database.connection() as connection:
        rows = await connection.fetch(
            """SELECT body::json ->> 'status' AS status, body::json ->> 'timezone' AS zone
               FROM event_log WHERE body::json ->> 'reference' = $1 ORDER BY position""",
            reference,
        )
    assert [tuple(row) for row in rows] == [("held", "America/Miquelon"), ("confirmed", "America/Miquelon")]
