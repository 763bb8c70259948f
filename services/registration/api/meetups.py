"""`/api/v1/meetups`: the programme, for everybody."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request

from chassis.problems import InvalidInput, NotFound, responses
from services.registration import meetups
from services.registration.access import PUBLIC
from services.registration.api.cursors import BadCursor, read_mark, write_mark
from services.registration.api.fields import Format, TerritoryCode
from services.registration.api.views import MeetupPage, MeetupView, meetup_view
from services.registration.slugs import PATTERN
from services.registration.store.meetups import Search
from services.registration.wiring import work_of

ID_OR_SLUG = rf"^([0-9a-fA-F]{{8}}-([0-9a-fA-F]{{4}}-){{3}}[0-9a-fA-F]{{12}}|{PATTERN[1:-1]})$"

router = APIRouter(prefix="/meetups", tags=["programme"])


@router.get("", dependencies=[PUBLIC], responses=responses(BadCursor, InvalidInput))
async def list_meetups(
    request: Request,
    territory: Annotated[TerritoryCode | None, Query()] = None,
    format: Annotated[Format | None, Query()] = None,  # noqa: A002 (the parameter's name in the address)
    since: Annotated[
        date | None, Query(alias="from", description="first day, at the venue; without it, what is over is left out")
    ] = None,
    until: Annotated[date | None, Query(alias="to", description="last day, at the venue")] = None,
    q: Annotated[
        str | None, Query(max_length=100, pattern=r"^[^\u0000-\u001f\u007f]*$", description="words of title or venue")
    ] = None,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> MeetupPage:
    """Published meetups by their start, a page at a time."""
    work = work_of(request)
    search = Search(territory=territory, format=format, text=(q or "").strip() or None, since=since, until=until)
    after = read_mark(cursor) if cursor is not None else None
    found, end = await meetups.programme(work, search, after=after, limit=limit)
    now = work.clock.now()
    return MeetupPage(
        items=tuple(meetup_view(sheet, now=now) for sheet in found), next=write_mark(end) if end is not None else None
    )


@router.get("/{id_or_slug}", dependencies=[PUBLIC], responses=responses(NotFound))
async def get_meetup(
    request: Request,
    id_or_slug: Annotated[
        str, Path(max_length=120, pattern=ID_OR_SLUG, description="its id, or the end of its address")
    ],
) -> MeetupView:
    """One meetup that was published; a cancelled one says so."""
    work = work_of(request)
    try:
        wanted: UUID | str = UUID(id_or_slug)
    except ValueError:
        wanted = id_or_slug
    return meetup_view(await meetups.get(work, wanted), now=work.clock.now())
