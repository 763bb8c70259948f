"""The programme for programs: a diary (`/calendrier.ics`), Atom and JSON Feed, each by the filters of the page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from services.registration import programme as programmes
from services.registration.pages import showing
from services.registration.pages.calendar import calendar_feed
from services.registration.pages.programme import atom, filtering, json_feed
from services.registration.pages.programme.conditional import conditional
from services.registration.pages.programme.syndicated import Entry, Feed
from services.registration.pages.programme.wanted import Wanted
from services.registration.pages.visits import READ, Visit, visit_of
from services.registration.store.meetups import Sheet
from services.registration.wiring import public_url_of, work_of

IN_A_DIARY, IN_A_READER = 500, 100

router = APIRouter()


@router.api_route("/calendrier.ics", methods=READ)
async def calendar(
    request: Request, visit: Annotated[Visit, Depends(visit_of)], wanted: Annotated[Wanted, Query()]
) -> Response:
    """Send what a diary follows: what is to come, and for a month what is over or was called off."""
    work, site = work_of(request), public_url_of(request)
    sheets = await programmes.feed(work, wanted.search(), remember=programmes.REMEMBERED, limit=IN_A_DIARY)
    meetups = [showing.meetup(sheet, now=work.clock.now()) for sheet in sheets]
    content = calendar_feed(
        meetups,
        visit.texts,
        urls=[f"{site}{visit.at(f'/rencontres/{meetup.slug}')}" for meetup in meetups],
        name=_title(wanted, visit),
        source=f"{site}{filtering.feeds(wanted, visit).calendar}",
    )
    headers = {"Content-Disposition": 'inline; filename="rencontres.ics"'}
    media_type = "text/calendar; charset=utf-8; method=PUBLISH"
    return conditional(request, content, media_type=media_type, headers=headers)


@router.api_route("/programme.atom", methods=READ)
async def atom_feed(
    request: Request, visit: Annotated[Visit, Depends(visit_of)], wanted: Annotated[Wanted, Query()]
) -> Response:
    """Send the feed as Atom (RFC 4287)."""
    feed = await _feed(request, visit, wanted, itself=filtering.feeds(wanted, visit).atom)
    return conditional(request, atom.written(feed, visit.texts), media_type="application/atom+xml; charset=utf-8")


@router.api_route("/programme.json", methods=READ)
async def json(
    request: Request, visit: Annotated[Visit, Depends(visit_of)], wanted: Annotated[Wanted, Query()]
) -> Response:
    """Send the feed as JSON Feed 1.1."""
    feed = await _feed(request, visit, wanted, itself=filtering.feeds(wanted, visit).json)
    return conditional(request, json_feed.written(feed, visit.texts), media_type="application/feed+json")


async def _feed(request: Request, visit: Visit, wanted: Wanted, *, itself: str) -> Feed:
    work, site = work_of(request), public_url_of(request)
    sheets = await programmes.feed(work, wanted.search(), limit=IN_A_READER)
    now = work.clock.now()
    return Feed(
        title=_title(wanted, visit),
        itself=f"{site}{itself}",
        home=f"{site}{visit.at('/', **wanted.but())}",
        updated=max((sheet.meetup.changed_at for sheet in sheets), default=now.replace(hour=0, minute=0, second=0)),
        entries=_entries(sheets, visit, site, now=now),
    )


def _entries(sheets: Sequence[Sheet], visit: Visit, site: str, *, now: datetime) -> tuple[Entry, ...]:
    return tuple(
        Entry(meetup=showing.meetup(sheet, now=now), url=f"{site}{visit.at(f'/rencontres/{sheet.meetup.slug}')}")
        for sheet in sheets
    )


def _title(wanted: Wanted, visit: Visit) -> str:
    chosen = [filtering.label(name, wanted, visit.texts) for name in wanted.chosen]
    return " · ".join((str(visit.texts.text("programme.title")), *chosen))
