"""The calendar part of a mail, after RFC 5546 (iTIP) and what mail readers make of it.

- METHOD stands on the calendar, never in the event; the first message is a REQUEST, or Google will not take the event out again.
- One UID for the whole life of a registration, SEQUENCE never goes back, DTSTAMP is always new.
- ORGANIZER is the sending address, always the same; exactly one ATTENDEE: nobody reads in their invitation who else comes.
"""

from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Conference, Event, vCalAddress

from chassis.vtimezone import vtimezone
from contracts.fact import Locale
from contracts.meetup import MeetupState
from services.notifications.domain.copies import Mode, attends_online
from services.notifications.mail.letter import Contact
from services.notifications.mail.mailbox import Mailbox, on_one_line

Method = Literal["REQUEST", "CANCEL"]

PRODUCT = "-//Rencontres//notifications//FR"
_ONLINE: dict[Locale, str] = {"fr": "En ligne", "en": "Online"}
_JOIN: dict[Locale, str] = {"fr": "Pour vous connecter", "en": "How to join"}
_JOIN_LINE: dict[Locale, str] = {"fr": "Pour vous connecter\u202f: {}", "en": "How to join: {}"}
_REFERENCE: dict[Locale, str] = {"fr": "Référence\u202f: {}", "en": "Reference: {}"}


def invitation(
    *,
    method: Method,
    uid: str,
    sequence: int,
    meetup: MeetupState,
    attendee: Contact,
    organiser: Mailbox,
    reference: str,
    mode: Mode | None,
    page: str,
    stamp: datetime,
) -> bytes:
    """Return the part's bytes: UTF-8, CRLF, folded at 75 octets."""
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    zone = ZoneInfo(meetup.timezone)
    event.add("dtstart", meetup.starts_local.replace(tzinfo=zone))
    event.add("dtend", meetup.ends_local.replace(tzinfo=zone))
    event.add("summary", meetup.title)
    # Before a screen nobody shall be sent to a room.
    afar = attends_online(mode, meetup)
    place = _ONLINE[attendee.locale] if afar else f"{meetup.venue.name}, {meetup.venue.address}"
    event.add("location", attendee.join_url or place)
    lines = [_REFERENCE[attendee.locale].format(reference), page]
    if attendee.join_url:
        lines.append(_JOIN_LINE[attendee.locale].format(attendee.join_url))
        event.conferences = [Conference(attendee.join_url, feature="VIDEO", label=_JOIN[attendee.locale])]
    event.add("description", "\n".join(lines))
    event.add("url", page)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("organizer", _address(organiser.email, CN=on_one_line(organiser.name)), encode=False)
    # They said yes when they registered: no reader need ask them again.
    going = _address(
        attendee.email, CN=on_one_line(attendee.name), ROLE="REQ-PARTICIPANT", PARTSTAT="ACCEPTED", RSVP="FALSE"
    )
    event.add("attendee", going, encode=False)
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\nCALSCALE:GREGORIAN\r\nMETHOD:{method}\r\n".encode()
    return head + vtimezone(meetup.timezone, meetup.starts_local.year) + bytes(event.to_ical()) + b"END:VCALENDAR\r\n"


def _address(email: str, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    for name, value in parameters.items():
        address.params[name] = value
    return address
