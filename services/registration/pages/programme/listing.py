"""`GET /`: the coming meetups by month and by any filters, a page at a time; where there are few or none, what helps."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from services.registration import programme as programmes
from services.registration.api.cursors import BadCursor, read_mark, write_mark
from services.registration.pages import showing
from services.registration.pages.programme import filtering
from services.registration.pages.programme.views import Group, Listing
from services.registration.pages.programme.wanted import Wanted
from services.registration.pages.rendering import page
from services.registration.pages.views import Meetup
from services.registration.pages.visits import READ, Visit, visit_of
from services.registration.store.meetups import Sheet
from services.registration.store.programme import Counts, Mark, Search
from services.registration.wiring import work_of
from services.registration.work import Work

PAGE = 24
BESIDE = 4
"""Meetups of the region, online or close in time that stand beside what was found."""

router = APIRouter()


class Address(Wanted):
    """The filters, and which page of what they find."""

    apres: str = ""
    tri: str = ""

    @property
    def by_date(self) -> bool:
        """Words alone are ranked; a walk through all they find goes by date."""
        return not self.q or self.tri == "date" or bool(self.apres)


@router.api_route("/", methods=READ)
async def programme(
    request: Request, visit: Annotated[Visit, Depends(visit_of)], wanted: Annotated[Address, Query()]
) -> Response:
    """Show what is to come."""
    return _shown(await _listing(work_of(request), wanted, visit, path="/"), visit)


@router.api_route("/rencontres-passees", methods=READ)
async def past(
    request: Request, visit: Annotated[Visit, Depends(visit_of)], wanted: Annotated[Address, Query()]
) -> Response:
    """Show what is over, the latest first."""
    return _shown(await _listing(work_of(request), wanted, visit, path="/rencontres-passees", past=True), visit)


def _shown(listing: Listing, visit: Visit) -> Response:
    return page("programme/listing.html", visit, {"programme": listing, "demo": listing.demo})


async def _listing(work: Work, wanted: Address, visit: Visit, *, path: str, past: bool = False) -> Listing:
    now, search, after = work.clock.now(), wanted.search(past=past), _mark(wanted.apres)
    counts = await programmes.counts(work, search)
    found = await programmes.page(work, search, after=after, limit=PAGE)
    ranked = not wanted.by_date and not past
    best = await programmes.best(work, search, limit=PAGE) if ranked else []
    last = found.next is None or ranked
    tri = "date" if wanted.q else ""
    return Listing(
        search=filtering.search(wanted, visit, path=path, today=now.date()),
        found=counts.found,
        months=() if ranked else showing.months(found.sheets, now=now, backwards=past),
        best=_meetups(best, now=now),
        by_date=visit.at(path, **wanted.but(tri="date")) if ranked and found.next else None,
        later=visit.at(path, **wanted.but(tri=tri, apres=write_mark(found.next))) if found.next and not last else None,
        first=visit.at(path, **wanted.but(tri=tri)) if after else None,
        reliefs=filtering.reliefs(wanted, counts, visit, path=path) if not counts.found else (),
        groups=await _beside(work, wanted, visit, counts, now=now) if last and not past else (),
        clocks=filtering.clocks(wanted, visit, path=path),
        postal_code=wanted.postal_code,
        unknown_territory=wanted.unknown_territory,
        past=past,
        calendar=visit.at(f"/calendrier/{_month(wanted, found.sheets, now=now):%Y-%m}", **wanted.but("quand")),
    )


async def _beside(work: Work, wanted: Wanted, visit: Visit, counts: Counts, *, now: datetime) -> tuple[Group, ...]:
    """Return what is close: in the region of the territory asked for, online from anywhere, and in time where nothing is found."""
    search, texts = wanted.search(), visit.texts
    groups: list[Group] = []
    if wanted.territory:
        region = showing.region_of(wanted.territory)
        others = tuple(code for code in region.codes if code != wanted.territory)
        if others:
            near = await programmes.page(work, replace(search, territories=others), limit=BESIDE)
            heading = texts.plain("group.same_region", region=region.name)
            groups.append(Group(heading=heading, meetups=_meetups(near.sheets, now=now)))
    if not counts.found:
        close = await programmes.nearest(work, search, limit=BESIDE)
        groups.append(Group(heading=texts.plain("group.nearest"), meetups=_meetups(close, now=now)))
    if (wanted.territory or not counts.found) and wanted.mode != "onsite":
        away = (wanted.territory,) if wanted.territory else ()
        online = replace(search, territories=(), outside=away, mode="online")
        if not counts.found:
            online = replace(online, since=None, until=None)
        found = await programmes.page(work, online, limit=BESIDE)
        more = visit.at("/", **wanted.but("territoire", mode="online"), chez=visit.living(wanted.territory or "").chez)
        groups.append(
            Group(
                heading=texts.plain("group.online"),
                meetups=_meetups(found.sheets, now=now),
                more=more if found.next else None,
            )
        )
    if not counts.found and not any(group.meetups for group in groups):
        anything = await programmes.page(work, Search(), limit=BESIDE)
        groups.append(Group(heading=texts.plain("group.elsewhere"), meetups=_meetups(anything.sheets, now=now)))
    return _once(groups)


def _once(groups: list[Group]) -> tuple[Group, ...]:
    """Leave out what stands in a group before, and groups that have nothing left."""
    seen: set[str] = set()
    kept = []
    for group in groups:
        fresh = tuple(meetup for meetup in group.meetups if meetup.slug not in seen)
        seen |= {meetup.slug for meetup in fresh}
        if fresh:
            kept.append(replace(group, meetups=fresh))
    return tuple(kept)


def _month(wanted: Wanted, sheets: list[Sheet], *, now: datetime) -> date:
    """Return a day of the month to open the calendar at: the one asked for, else that of the first meetup found."""
    if wanted.days:
        return wanted.days[0]
    return sheets[0].meetup.occasion.starts_local if sheets else now


def _meetups(sheets: list[Sheet], *, now: datetime) -> tuple[Meetup, ...]:
    return tuple(showing.meetup(sheet, now=now) for sheet in sheets)


def _mark(cursor: str) -> Mark | None:
    """Read a cursor; an address that was cut short begins at the start."""
    with suppress(BadCursor):
        return read_mark(cursor)
    return None
