"""From what the service knows to what the templates read."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby

from contracts import territories
from contracts.vocabularies import Vocabulary
from services.registration.domain.ledgers import Ledger
from services.registration.pages import views
from services.registration.pages.catalogue import Catalogue
from services.registration.store.meetups import Sheet


@dataclass(frozen=True, slots=True)
class Region:
    """A region and the codes of its territories."""

    name: str
    codes: tuple[str, ...]


def meetup(sheet: Sheet, *, now: datetime) -> views.Meetup:
    """Show one meetup as it stands at `now`."""
    known, at, about = sheet.meetup, sheet.meetup.occasion, sheet.meetup.programme
    return views.Meetup(
        id=known.id,
        slug=known.slug,
        title=about.title,
        description=tuple(part for part in about.description.splitlines() if part.strip()),
        territory=known.territory,
        territory_name=_name(known.territory),
        format=about.format,
        attendance_mode=about.attendance_mode,
        starts=at.starts_local,
        ends=at.ends_local,
        zone=at.timezone,
        venue=at.venue_name,
        address=at.venue_address,
        organisers=tuple(views.Organiser(name=by.name, role=by.role) for by in sheet.organisers),
        seats=_seats(sheet, sheet.rooms, now=now),
        rooms=tuple(views.Room(mode=room.mode, seats=_seats(sheet, [room], now=now)) for room in sheet.rooms)
        if sheet.online
        else (),
        calendar_sequence=known.calendar_sequence,
        changed_at=known.changed_at,
        demo=known.demo,
        facets=about.facets,
        stood=sheet.stood.starts_local if sheet.stood else None,
        stood_zone=sheet.stood.timezone if sheet.stood else "",
    )


def months(sheets: list[Sheet], *, now: datetime, backwards: bool = False) -> tuple[views.Month, ...]:
    """Group meetups by the month their venue's calendar shows. They come by instant, so a month may end in one zone before another."""
    found = (meetup(sheet, now=now) for sheet in sheets)
    shown = sorted(found, key=lambda m: (m.starts.year, m.starts.month), reverse=backwards)
    grouped = groupby(shown, key=lambda m: datetime(m.starts.year, m.starts.month, 1))  # noqa: DTZ001 - a month of any place
    return tuple(views.Month(first_day=first_day, meetups=tuple(found)) for first_day, found in grouped)


@cache
def regions() -> tuple[views.RegionChoices, ...]:
    """List every territory under its region, both by name."""
    by_name = sorted(territories.TERRITORIES.values(), key=lambda t: (_collated(_region(t.region)), t.code))
    return tuple(
        views.RegionChoices(name=name, territories=tuple(views.Choice(code=t.code, name=t.name) for t in found))
        for name, found in groupby(by_name, key=lambda t: _region(t.region))
    )


def choices(vocabulary: Vocabulary, texts: Catalogue) -> tuple[views.Choice, ...]:
    """List the terms of a vocabulary, in its order."""
    return tuple(views.Choice(code=term.code, name=term.label(texts.locale)) for term in vocabulary.values())


def region_of(territory: str) -> Region:
    """Return the region a territory belongs to, or the territory itself where it belongs to none."""
    code = territories.TERRITORIES[territory].region
    return Region(_region(code), tuple(t.code for t in territories.TERRITORIES.values() if t.region == code))


def _seats(sheet: Sheet, rooms: Sequence[Ledger], *, now: datetime) -> views.Seats:
    """Say in a word where several rooms stand: a seat in one of them is a seat."""
    if sheet.meetup.status == "cancelled":
        return views.Seats(availability="cancelled")
    if sheet.meetup.over(now=now):
        return views.Seats(availability="past")
    if not any(room.accepts(now=now) for room in rooms):
        return views.Seats(availability="closed")
    if left := sum(room.announced for room in rooms):
        return views.Seats(availability="open", left=left)
    return views.Seats(availability="waiting", waiting=sum(room.announced_waiting for room in rooms))


def _name(code: str) -> str:
    return territories.TERRITORIES[code].name if code in territories.TERRITORIES else code


def _collated(name: str) -> str:
    """Return what French order goes by: letters without their accents."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))


def _region(code: str) -> str:
    return territories.REGIONS[code].name
