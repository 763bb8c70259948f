"""What both feeds tell, whatever their form."""

from dataclasses import dataclass
from datetime import datetime

from contracts.vocabularies import ATTENDANCE_MODES, FORMATS
from services.registration.pages import moments
from services.registration.pages.catalogue import Catalogue
from services.registration.pages.views import Meetup


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A meetup and its page."""

    meetup: Meetup
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Meetups, where the same search is a page, and when any of them changed last."""

    title: str
    itself: str
    home: str
    updated: datetime
    entries: tuple[Entry, ...]


def title_of(entry: Entry, texts: Catalogue) -> str:
    """Return the title; one called off says so first."""
    meetup = entry.meetup
    if meetup.seats.availability != "cancelled":
        return meetup.title
    return texts.plain("feeds.cancelled", title=meetup.title)


def text_of(entry: Entry, texts: Catalogue) -> str:
    """Return when, where and what, as plain text."""
    meetup = entry.meetup
    mode = ATTENDANCE_MODES.label(meetup.attendance_mode, texts.locale)
    facts = (
        str(moments.span(meetup.starts, meetup.ends, meetup.zone, texts).unescape()),
        f"{'' if meetup.online else f'{meetup.venue}, {meetup.address}, '}{meetup.territory_name}",
        f"{FORMATS.label(meetup.format, texts.locale)}, {mode[:1].lower()}{mode[1:]}",
    )
    marked = (texts.plain("calendar.demo"),) if meetup.demo else ()
    return "\n\n".join((*marked, "\n".join(facts), *meetup.description))


def tags_of(entry: Entry, texts: Catalogue) -> list[str]:
    """Return what it is filed under."""
    return [entry.meetup.territory_name, FORMATS.label(entry.meetup.format, texts.locale)]
