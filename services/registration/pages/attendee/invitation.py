"""The entry of one registration in its attendee's calendar, to be fetched: the very one that the mail carries, and never a second one.

A mail invites (METHOD:REQUEST) and names its one ATTENDEE; a file that is fetched publishes (RFC 5546, 3.2.1), which names none.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Conference, Event, vCalAddress

from chassis.vtimezone import vtimezone
from contracts import calendar_entry
from services.registration.pages.catalogue import Catalogue
from services.registration.registering import Shown

PRODUCT = "-//Rencontres//registration//FR"


def invitation(shown: Shown, texts: Catalogue, *, public_url: str, mail_from: str | None, now: datetime) -> bytes:
    """Return the file of a confirmed registration: UTF-8, CRLF, folded at 75 octets."""
    known, meetup = shown.registration, shown.sheet.meetup
    at, zone = meetup.occasion, ZoneInfo(meetup.occasion.timezone)
    page = f"{public_url}{texts.prefix}/rencontres/{meetup.slug}"
    event = Event()
    event.add("uid", calendar_entry.uid(known.id, public_url=public_url))
    sequence = calendar_entry.sequence(
        meetup_sequence=meetup.calendar_sequence,
        join_changes=meetup.join_changes,
        own_changes=known.calendar_changes,
        status=known.status,
    )
    event.add("sequence", sequence)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", at.starts_local.replace(tzinfo=zone))
    event.add("dtend", at.ends_local.replace(tzinfo=zone))
    event.add("summary", meetup.programme.title)
    # Before a screen nobody shall be sent to a room.
    afar = known.mode == "online"
    online = "En ligne" if texts.language == "fr" else "Online"
    join = shown.join_url
    event.add("location", join or (online if afar else f"{at.venue_name}, {at.venue_address}"))
    lines = [texts.plain("calendar.reference", reference=known.reference), page]
    if join:
        lines.append(texts.plain("calendar.join", address=join))
        event.conferences = [Conference(join, feature="VIDEO", label=texts.plain("joining.label"))]
    event.add("description", "\n".join(lines))
    event.add("url", page)
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    name, address = calendar_entry.organiser(mail_from, public_url=public_url)
    organiser = vCalAddress(f"mailto:{address}")
    organiser.params["CN"] = name
    event.add("organizer", organiser, encode=False)
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n".encode()
    return head + vtimezone(at.timezone, at.starts_local.year) + bytes(event.to_ical()) + b"END:VCALENDAR\r\n"
