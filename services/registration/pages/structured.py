"""A meetup as schema.org `Event` in JSON-LD: data within its page, which no browser runs and the strict CSP lets be."""

import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from contracts.territories import TERRITORIES
from services.registration.pages.views import Meetup

Thing = Mapping[str, "str | bool | int | Thing | list[Thing]"]

_SCHEMA = "https://schema.org"
_MODES = {"onsite": "Offline", "online": "Online", "hybrid": "Mixed"}
_AVAILABLE = {"open": "InStock", "waiting": "SoldOut"}
_ESCAPED = str.maketrans({"<": r"\u003c", ">": r"\u003e", "&": r"\u0026", "\u2028": r"\u2028", "\u2029": r"\u2029"})
"""What could end the element or begin another is written as JSON writes it by number, so that a title stays a title."""


def json_ld(meetup: Meetup, *, url: str) -> Markup:
    """Return the content of a `<script type="application/ld+json">`."""
    return Markup(json.dumps(event(meetup, url=url), ensure_ascii=False).translate(_ESCAPED))  # noqa: S704 - escaped above


def event(meetup: Meetup, *, url: str) -> Thing:
    """Return the meetup as an Event, whose page is `url`."""
    known: dict[str, str | bool | int | Thing | list[Thing]] = {
        "@context": _SCHEMA,
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": meetup.title,
        "description": "\n\n".join(meetup.description),
        "startDate": _moment(meetup.starts, meetup.zone),
        "endDate": _moment(meetup.ends, meetup.zone),
        "eventStatus": f"{_SCHEMA}/Event{_status(meetup)}",
        "eventAttendanceMode": f"{_SCHEMA}/{_MODES[meetup.attendance_mode]}EventAttendanceMode",
        "location": _location(meetup, url=url),
        "organizer": [{"@type": "Organization", "name": organiser.name} for organiser in meetup.organisers],
        "isAccessibleForFree": True,
        "inLanguage": "fr",
    }
    if meetup.stood:
        known["previousStartDate"] = _moment(meetup.stood, meetup.stood_zone)
    if meetup.seats.availability in _AVAILABLE:
        known["offers"] = {
            "@type": "Offer",
            "price": "0",
            "priceCurrency": TERRITORIES[meetup.territory].currency if meetup.territory in TERRITORIES else "EUR",
            "availability": f"{_SCHEMA}/{_AVAILABLE[meetup.seats.availability]}",
            "url": url,
        }
    return known


def _status(meetup: Meetup) -> str:
    if meetup.seats.availability == "cancelled":
        return "Cancelled"
    return "Rescheduled" if meetup.stood else "Scheduled"


def _location(meetup: Meetup, *, url: str) -> Thing | list[Thing]:
    country = TERRITORIES[meetup.territory].iso_3166_1 if meetup.territory in TERRITORIES else "FR"
    place: Thing = {
        "@type": "Place",
        "name": meetup.venue,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": meetup.address,
            "addressRegion": meetup.territory_name,
            "addressCountry": country,
        },
    }
    screen: Thing = {"@type": "VirtualLocation", "url": url}
    if meetup.attendance_mode == "online":
        return screen
    return place if meetup.attendance_mode == "onsite" else [place, screen]


def _moment(wall: datetime, zone: str) -> str:
    """Return the wall time with the offset it has there then."""
    return wall.replace(tzinfo=ZoneInfo(zone)).isoformat(timespec="minutes")
