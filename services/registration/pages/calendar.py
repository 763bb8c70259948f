"""One meetup as an iCalendar file (RFC 5545, METHOD:PUBLISH): what one adds to a diary without registering.

Whoever registers gets an invitation by mail instead, which has a UID of its own and follows the registration.
"""

from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress

from chassis.vtimezone import vtimezone
from services.registration.pages.catalogue import Catalogue
from services.registration.pages.views import Meetup


def calendar_file(meetup: Meetup, texts: Catalogue, *, url: str) -> bytes:
    """Return the file. Times carry the venue's zone with its rules, so that a diary shows the venue's hour wherever it is read."""
    zone = ZoneInfo(meetup.zone)
    event = Event()
    event.add("uid", f"{meetup.id}@rencontres")
    event.add("sequence", meetup.calendar_sequence)
    event.add("dtstamp", meetup.changed_at)
    event.add("last-modified", meetup.changed_at)
    event.add("dtstart", meetup.starts.replace(tzinfo=zone))
    event.add("dtend", meetup.ends.replace(tzinfo=zone))
    event.add("summary", meetup.title)
    event.add("location", f"{meetup.venue}, {meetup.address}")
    event.add("description", _description(meetup, texts, url=url))
    event.add("url", url)
    event.add("organizer", _organiser(meetup, url), encode=False)
    event.add("status", "CANCELLED" if meetup.seats.availability == "cancelled" else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//rencontres//registration//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(Timezone.from_ical(vtimezone(meetup.zone, meetup.starts.year)))
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _organiser(meetup: Meetup, url: str) -> vCalAddress:
    """RFC 5546 asks for one when publishing; any address will do, and none is made public: it is the page."""
    address = vCalAddress(url)
    address.params["CN"] = meetup.organisers[0].name
    return address


def _description(meetup: Meetup, texts: Catalogue, *, url: str) -> str:
    marked = (str(texts.text("calendar.demo").unescape()),) if meetup.demo else ()
    return "\n\n".join((*marked, *meetup.description, str(texts.text("calendar.details", url=url).unescape())))
