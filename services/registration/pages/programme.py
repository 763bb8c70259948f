"""`GET /`: the coming meetups by month, of one territory or all, a page at a time; where there are none, those nearest."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from contracts.territories import TERRITORIES
from services.registration import programme as programmes
from services.registration.api.cursors import BadCursor, read_mark, write_mark
from services.registration.pages import showing, views
from services.registration.pages.rendering import page
from services.registration.pages.visits import READ, Visit, visit_of
from services.registration.store.programme import Mark, Search
from services.registration.wiring import work_of
from services.registration.work import Work

PAGE = 24
SUGGESTIONS = 4
_WHERE_TO_LOOK = 150
"""Meetups looked through for one of the same region: a month of the whole network."""

router = APIRouter()


@router.api_route("/", methods=READ)
async def programme(
    request: Request, visit: Annotated[Visit, Depends(visit_of)], territoire: str = "", apres: str = ""
) -> Response:
    """Show the programme. An unknown territory or cursor is no error: the page says so, or begins at the start."""
    work = work_of(request)
    now = work.clock.now()
    if territoire and territoire not in TERRITORIES:
        shown = await _elsewhere(work, None, now=now)
    else:
        shown = await _page(work, territoire or None, apres, now=now)
        if not shown.months and shown.is_first_page and territoire:
            shown = await _elsewhere(work, territoire, now=now)
    demo = any(meetup.demo for month in shown.months for meetup in month.meetups)
    values = {"programme": shown, "demo": demo or any(meetup.demo for meetup in shown.suggestions)}
    return page("programme.html", visit, values)


async def _page(work: Work, territory: str | None, cursor: str, *, now: datetime) -> views.Programme:
    after = _mark(cursor)
    territories = (territory,) if territory else ()
    found = await programmes.page(work, Search(territories=territories), after=after, limit=PAGE)
    return views.Programme(
        months=showing.months(found.sheets, now=now),
        regions=showing.regions(),
        chosen=_choice(territory),
        later=write_mark(found.next) if found.next else None,
        is_first_page=after is None,
    )


async def _elsewhere(work: Work, territory: str | None, *, now: datetime) -> views.Programme:
    found = (await programmes.page(work, Search(), limit=_WHERE_TO_LOOK)).sheets
    nearby = [sheet for sheet in found if territory and showing.same_region(sheet.meetup.territory, territory)]
    return views.Programme(
        months=(),
        regions=showing.regions(),
        chosen=_choice(territory),
        unknown_territory=territory is None,
        suggestions=tuple(showing.meetup(sheet, now=now) for sheet in (nearby or found)[:SUGGESTIONS]),
        suggestions_are_nearby=bool(nearby),
    )


def _mark(cursor: str) -> Mark | None:
    """Read a cursor; an address that was cut short begins at the start."""
    with suppress(BadCursor):
        return read_mark(cursor)
    return None


def _choice(territory: str | None) -> views.Choice | None:
    return views.Choice(code=territory, name=TERRITORIES[territory].name) if territory else None
