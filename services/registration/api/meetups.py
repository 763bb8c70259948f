"""`/api/v1/meetups`: the programme, for everybody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field

from chassis.problems import InvalidInput, NotFound, responses
from services.registration import meetups
from services.registration.access import PUBLIC
from services.registration.api import ROOT
from services.registration.api.cursors import BadCursor, read_mark, write_mark
from services.registration.api.fields import Asked, Cursor, Day, Format, TerritoryCode
from services.registration.api.views import MeetupPage, MeetupView, meetup_view
from services.registration.slugs import PATTERN
from services.registration.store.meetups import Search
from services.registration.wiring import work_of

ID_OR_SLUG = rf"^([0-9a-fA-F]{{8}}-([0-9a-fA-F]{{4}}-){{3}}[0-9a-fA-F]{{12}}|{PATTERN[1:-1]})$"

router = APIRouter(prefix=f"{ROOT}/meetups", tags=["programme"])


class ProgrammeQuery(Asked):
    """What a visitor looks for."""

    territory: TerritoryCode | None = None
    format: Format | None = None
    since: Annotated[
        Day | None, Field(alias="from", description="first day, at the venue; without it, what is over is left out")
    ] = None
    until: Annotated[Day | None, Field(alias="to", description="last day, at the venue")] = None
    q: Annotated[
        str | None, Field(max_length=100, pattern=r"^[^\u0000-\u001f\u007f]*$", description="words of title or venue")
    ] = None
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


@router.get("", dependencies=[PUBLIC], responses=responses(BadCursor, InvalidInput))
async def list_meetups(request: Request, asked: Annotated[ProgrammeQuery, Query()]) -> MeetupPage:
    """Published meetups by their start, a page at a time."""
    work = work_of(request)
    search = Search(
        territory=asked.territory,
        format=asked.format,
        text=(asked.q or "").strip() or None,
        since=asked.since,
        until=asked.until,
    )
    after = read_mark(asked.cursor) if asked.cursor is not None else None
    found, end = await meetups.programme(work, search, after=after, limit=asked.limit)
    now = work.clock.now()
    return MeetupPage(
        items=tuple(meetup_view(sheet, now=now) for sheet in found), next=write_mark(end) if end is not None else None
    )


@router.get("/{meetup_id}", dependencies=[PUBLIC], responses=responses(NotFound))
async def get_meetup(
    request: Request,
    meetup_id: Annotated[
        str, Path(max_length=120, pattern=ID_OR_SLUG, description="its id, or the end of its address")
    ],
) -> MeetupView:
    """One meetup that was published; a cancelled one says so."""
    work = work_of(request)
    try:
        wanted: UUID | str = UUID(meetup_id)
    except ValueError:
        wanted = meetup_id
    return meetup_view(await meetups.get(work, wanted), now=work.clock.now())
