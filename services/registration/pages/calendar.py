"""Meetups as iCalendar files (RFC 5545, METHOD:PUBLISH): one to add to a diary without registering, or many that a diary follows.

Whoever registers gets an invitation by mail instead, which has a UID of its own and follows the registration.
"""

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from icalendar import Event, vCalAddress, vText

from chassis.vtimezone import vtimezone
from services.registration.pages.catalogue import Catalogue
from services.registration.pages.views import Meetup

PRODUCT = "-//rencontres//registration//FR"
REFRESH = "PT6H"
"""How often a diary should look again (RFC 7986, 5.7)."""


def calendar_file(meetup: Meetup, texts: Catalogue, *, url: str) -> bytes:
    """Return the file of one meetup, whose page is `url`."""
    return _calendar([meetup], texts, urls=[url])


def calendar_feed(meetups: Sequence[Meetup], texts: Catalogue, *, urls: Sequence[str], name: str, source: str) -> bytes:
    """Return what a diary follows: it is named, and says how often to look again and where."""
    about: tuple[tuple[str, str, str], ...] = (
        ("NAME", "", name),
        ("X-WR-CALNAME", "", name),
        ("REFRESH-INTERVAL", ";VALUE=DURATION", REFRESH),
        ("X-PUBLISHED-TTL", "", REFRESH),
        ("SOURCE", ";VALUE=URI", source),
    )
    lines = [_folded(f"{field}{kind}:{value if kind else _escaped(value)}") for field, kind, value in about]
    return _calendar(meetups, texts, urls=urls, about=lines)


def _calendar(meetups: Sequence[Meetup], texts: Catalogue, *, urls: Sequence[str], about: Iterable[str] = ()) -> bytes:
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", *about, "")
    events = b"".join(bytes(_event(each, texts, url=url).to_ical()) for each, url in zip(meetups, urls, strict=True))
    return "\r\n".join(head).encode() + b"".join(_zones(meetups)) + events + b"END:VCALENDAR\r\n"


def _event(meetup: Meetup, texts: Catalogue, *, url: str) -> Event:
    """Times carry the venue's zone with its rules, so that a diary shows the venue's hour wherever it is read."""
    zone, cancelled = ZoneInfo(meetup.zone), meetup.seats.availability == "cancelled"
    event = Event()
    event.add("uid", f"{meetup.id}@rencontres")
    # Calling off is one change more (RFC 5546, 2.1.4).
    event.add("sequence", meetup.calendar_sequence + cancelled)
    event.add("dtstamp", meetup.changed_at.replace(microsecond=0))
    event.add("last-modified", meetup.changed_at.replace(microsecond=0))
    event.add("dtstart", meetup.starts.replace(tzinfo=zone))
    event.add("dtend", meetup.ends.replace(tzinfo=zone))
    event.add("summary", meetup.title)
    event.add("location", texts.plain("registration.online") if meetup.online else f"{meetup.venue}, {meetup.address}")
    event.add("description", _description(meetup, texts, url=url))
    event.add("url", url)
    event.add("organizer", _organiser(meetup, url), encode=False)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event


def _zones(meetups: Sequence[Meetup]) -> Iterator[bytes]:
    """The rules of each zone once, around the years it is used in."""
    for zone in sorted({meetup.zone for meetup in meetups}):
        years = [meetup.starts.year for meetup in meetups if meetup.zone == zone]
        yield vtimezone(zone, min(years) if max(years) <= min(years) + 1 else min(years) + 1)


def _escaped(text: str) -> str:
    return bytes(vText(text).to_ical()).decode()


def _folded(line: str) -> str:
    """Break a line after 75 octets at most, between characters (RFC 5545, 3.1)."""
    lines, length = [""], 0
    for character in line:
        size = len(character.encode())
        if length + size > 75:
            lines.append(" ")
            length = 1
        lines[-1] += character
        length += size
    return "\r\n".join(lines)


def _organiser(meetup: Meetup, url: str) -> vCalAddress:
    """RFC 5546 asks for one when publishing; any address will do, and none is made public: it is the page."""
    address = vCalAddress(url)
    address.params["CN"] = meetup.organisers[0].name
    return address


def _description(meetup: Meetup, texts: Catalogue, *, url: str) -> str:
    marked = (texts.plain("calendar.demo"),) if meetup.demo else ()
    return "\n\n".join((*marked, *meetup.description, texts.plain("calendar.details", url=url)))
