"""Calendar parts of mails, read by Mozilla's parser with nothing but the zone rules that stand in them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import strict
from typing import TypedDict
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from contracts.fact import Locale
from contracts.meetup import MeetupState
from services.notifications.domain.notices import Kind
from tests.fixtures.calendar_parts import calendar_of
from tests.fixtures.letters import COMPOSER, JOIN_URL, letter
from tests.fixtures.node_packages import ICAL_JS, source
from tests.fixtures.notifying import address, meetup

pytestmark = pytest.mark.browser

_READ = """text => {
    const calendar = new ICAL.Component(ICAL.parse(text));
    const event = new ICAL.Event(calendar.getFirstSubcomponent("vevent"));
    return {
        method: calendar.getFirstPropertyValue("method"),
        events: calendar.getAllSubcomponents("vevent").length,
        uid: event.uid, sequence: event.sequence, summary: event.summary, location: event.location, organizer: event.organizer,
        attendees: event.attendees.map((one) => one.getFirstValue()),
        status: event.component.getFirstPropertyValue("status"),
        zone: event.startDate.zone.tzid, starts: event.startDate.toUnixTime(), ends: event.endDate.toUnixTime(),
        wall: event.startDate.toString(),
        conference: event.component.getFirstPropertyValue("conference"),
    };
}"""

_CHANGES = """([text, year]) => {
    const zone = new ICAL.Timezone(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vtimezone"));
    zone.utcOffset(ICAL.Time.fromString(`${year}-06-01T00:00:00`));
    const two = (number) => String(number).padStart(2, "0");
    return zone.changes.filter((change) => change.year === year).map((change) =>
        `${change.year}-${two(change.month)}-${two(change.day)}T${two(change.hour)}:${two(change.minute)}Z`);
}"""


class Entry(TypedDict):
    """What ical.js finds."""

    method: str
    events: int
    uid: str
    sequence: int
    summary: str
    location: str
    organizer: str
    attendees: list[str]
    status: str
    zone: str
    starts: int
    ends: int
    wall: str
    conference: str | None


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page that knows ical.js and no time zone."""
    page = browser.new_page()
    page.evaluate(source(ICAL_JS))
    yield page
    page.close()


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize(
    ("kind", "method", "status"),
    [
        (Kind.SEAT_CONFIRMED, "REQUEST", "CONFIRMED"),
        (Kind.MODE_CHANGED, "REQUEST", "CONFIRMED"),
        (Kind.MEETUP_MOVED, "REQUEST", "CONFIRMED"),
        (Kind.JOIN_CHANGED, "REQUEST", "CONFIRMED"),
        (Kind.REGISTRATION_CANCELLED, "CANCEL", "CANCELLED"),
    ],
)
def test_both_parsers_read_the_same(page: Page, kind: Kind, method: str, status: str, locale: Locale) -> None:
    title = "L’IA, au comptoir ; un café\\n« fort » 🙂 " * 3
    about = meetup(title=title, attendance_mode="hybrid" if kind is Kind.JOIN_CHANGED else "onsite")
    mail = _mail(kind, locale, about)
    entry = _read(page, mail)
    _, event = calendar_of(mail)
    assert (entry["method"], entry["status"], entry["events"]) == (method, status, 1)
    assert entry["uid"] == str(event["UID"])
    assert entry["sequence"] == event["SEQUENCE"]
    assert entry["summary"] == str(event["SUMMARY"]) == about.title
    assert entry["location"] == str(event["LOCATION"])
    assert entry["organizer"] == str(event["ORGANIZER"]) == "mailto:rencontres@rencontres.example"
    assert entry["attendees"] == [f"mailto:{address('zaina')}"]
    assert entry["conference"] == (JOIN_URL if kind is Kind.JOIN_CHANGED else None)


@pytest.mark.parametrize(
    ("zone", "wall"),
    [
        ("Indian/Mayotte", "2027-02-04T09:00"),
        ("Indian/Mayotte", "2027-07-15T09:00"),
        ("Pacific/Marquesas", "2027-01-14T09:00"),
        ("Pacific/Marquesas", "2027-07-15T09:00"),
        ("Europe/Paris", "2027-03-27T18:00"),
        ("Europe/Paris", "2027-03-28T01:30"),
        ("Europe/Paris", "2027-03-28T03:00"),
        ("Europe/Paris", "2027-03-28T03:30"),
        ("Europe/Paris", "2027-03-29T18:00"),
        ("Europe/Paris", "2027-10-30T18:00"),
        ("Europe/Paris", "2027-10-31T01:30"),
        ("Europe/Paris", "2027-10-31T03:30"),
        ("Europe/Paris", "2027-11-01T18:00"),
        ("America/Miquelon", "2027-03-13T18:00"),
        ("America/Miquelon", "2027-03-14T01:30"),
        ("America/Miquelon", "2027-03-14T03:00"),
        ("America/Miquelon", "2027-03-14T03:30"),
        ("America/Miquelon", "2027-03-18T07:00"),
        ("America/Miquelon", "2027-11-06T18:00"),
        ("America/Miquelon", "2027-11-07T03:30"),
        ("America/Miquelon", "2027-11-08T18:00"),
        ("America/Miquelon", "2027-12-31T23:00"),
    ],
)
def test_an_entry_is_at_the_instant_that_the_zone_s_own_data_say(page: Page, zone: str, wall: str) -> None:
    about = _at(wall, zone)
    entry = _read(page, _mail(Kind.SEAT_CONFIRMED, "fr", about))
    assert entry["zone"] == zone
    assert entry["wall"] == f"{wall}:00"
    assert datetime.fromtimestamp(entry["starts"], UTC) == about.starts_at
    assert datetime.fromtimestamp(entry["ends"], UTC) == about.ends_at


@pytest.mark.parametrize(
    ("zone", "onsets"),
    [
        ("Europe/Paris", ["2027-03-28T01:00Z", "2027-10-31T01:00Z"]),
        ("America/Miquelon", ["2027-03-14T05:00Z", "2027-11-07T04:00Z"]),
        ("Indian/Mayotte", []),
        ("Pacific/Marquesas", []),
    ],
)
def test_clocks_change_at_the_instants_of_the_law(page: Page, zone: str, onsets: list[str]) -> None:
    mail = _mail(Kind.SEAT_CONFIRMED, "fr", _at("2027-02-04T09:00", zone))
    assert page.evaluate(_CHANGES, [_content(mail), 2027]) == onsets


def _at(wall: str, zone: str) -> MeetupState:
    tz = ZoneInfo(zone)
    starts = datetime.fromisoformat(wall)
    ends = starts + timedelta(hours=3)
    return meetup(
        timezone=zone,
        starts_local=starts,
        ends_local=ends,
        starts_at=starts.replace(tzinfo=tz).astimezone(UTC),
        ends_at=ends.replace(tzinfo=tz).astimezone(UTC),
    )


def _mail(kind: Kind, locale: Locale, about: MeetupState) -> EmailMessage:
    mail = message_from_bytes(COMPOSER.compose(letter(kind, locale, about=about)), policy=strict)
    assert isinstance(mail, EmailMessage)
    return mail


def _read(page: Page, mail: EmailMessage) -> Entry:
    """As a reader would that has no list of zones: ical.js takes the rules from the file."""
    found: Entry = page.evaluate(_READ, _content(mail))
    return found


def _content(mail: EmailMessage) -> str:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()
