"""`/api/v1/meetups`: the programme, for everybody."""

from datetime import date, timedelta
from typing import Annotated, Self
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chassis.problems import InvalidInput, NotFound, responses
from services.registration import meetups, programme
from services.registration.access import PUBLIC
from services.registration.api import ROOT
from services.registration.api.cursors import BadCursor, read_mark, write_mark
from services.registration.api.fields import (
    Asked,
    Audience,
    Cursor,
    Day,
    Format,
    Level,
    Month,
    Need,
    Sector,
    TerritoryCode,
)
from services.registration.api.views import MeetupPage, MeetupView, meetup_view
from services.registration.slugs import PATTERN
from services.registration.store.programme import Mode, Search
from services.registration.wiring import public_url_of, work_of

ID_OR_SLUG = rf"^([0-9a-fA-F]{{8}}-([0-9a-fA-F]{{4}}-){{3}}[0-9a-fA-F]{{12}}|{PATTERN[1:-1]})$"

router = APIRouter(prefix=f"{ROOT}/meetups", tags=["programme"])


class ProgrammeQuery(Asked):
    """What a visitor looks for."""

    territory: TerritoryCode | None = None
    since: Annotated[
        Day | None, Field(alias="from", description="first day, at the venue; without it, what is over is left out")
    ] = None
    until: Annotated[Day | None, Field(alias="to", description="last day, at the venue")] = None
    month: Annotated[
        Month | None, Field(description="all days of a month, at the venue, instead of `from` and `to`")
    ] = None
    format: Format | None = None
    audience: Annotated[
        Audience | None, Field(description="whom it is for; what is for everyone, or says nothing, is found, too")
    ] = None
    level: Level | None = None
    sector: Annotated[
        Sector | None, Field(description="sector it speaks to; what speaks to all of them is found, too")
    ] = None
    need: Need | None = None
    mode: Annotated[Mode | None, Field(description="how one may attend; hybrid meetups are found by both")] = None
    q: Annotated[
        str | None,
        Field(
            max_length=100,
            pattern=r"^[^\u0000-\u001f\u007f]*$",
            description="words of title, description, venue or organisers, in French, whatever their accents; the last may be unfinished",
        ),
    ] = None
    past: Annotated[bool, Field(description="only what is over, the latest first")] = False
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20

    @model_validator(mode="after")
    def _one_way_of_saying_when(self) -> Self:
        if self.month and (self.since or self.until):
            raise PydanticCustomError("month_or_days", "either a month or days")
        return self

    def search(self) -> Search:
        """Return it for the use case."""
        since, until = days_of(self.month) if self.month else (self.since, self.until)
        return Search(
            territories=(self.territory,) if self.territory else (),
            since=since,
            until=until,
            format=self.format,
            audience=self.audience,
            level=self.level,
            sector=self.sector,
            need=self.need,
            mode=self.mode,
            words=(self.q or "").strip() or None,
            past=self.past,
        )


def days_of(month: date) -> tuple[date, date]:
    """Return the first and last day of the month that begins on a day."""
    return month, (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@router.get("", dependencies=[PUBLIC], responses=responses(BadCursor, InvalidInput))
async def list_meetups(request: Request, response: Response, asked: Annotated[ProgrammeQuery, Query()]) -> MeetupPage:
    """Published meetups by their start, a page at a time. Following `next` meets every one once, even if some are moved meanwhile."""
    work = work_of(request)
    after = read_mark(asked.cursor) if asked.cursor is not None else None
    found = await programme.page(work, asked.search(), after=after, limit=asked.limit)
    following = write_mark(found.next) if found.next else None
    if following:
        response.headers["Link"] = f'<{_next(request, following)}>; rel="next"'
    now = work.clock.now()
    return MeetupPage(items=tuple(meetup_view(sheet, now=now) for sheet in found.sheets), next=following)


def _next(request: Request, cursor: str) -> str:
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{public_url_of(request)}{ROOT}/meetups?{urlencode([*query, ('cursor', cursor)])}"


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
