"""`GET /calendrier/2027-02`: a month as a table, Monday first, by the same filters as the list. Days are those of the venues."""

from calendar import Calendar
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from chassis.problems import NotFound
from services.registration import programme as programmes
from services.registration.pages import moments, showing
from services.registration.pages.programme import filtering
from services.registration.pages.programme.views import Day, MonthTable
from services.registration.pages.programme.wanted import Wanted
from services.registration.pages.rendering import page
from services.registration.pages.visits import READ, Visit, visit_of
from services.registration.store.programme import MonthDay
from services.registration.wiring import work_of

A_DAY = 4
"""Meetups a day shows; a busy day leads to its list."""
_FIRST, _LAST = 2020, 2199

router = APIRouter(prefix="/calendrier")

_Month = Annotated[str, Path(pattern=r"^2[01]\d\d-(0[1-9]|1[0-2])$")]


@router.api_route("", methods=READ)
async def this_month(
    request: Request, visit: Annotated[Visit, Depends(visit_of)], wanted: Annotated[Wanted, Query()]
) -> Response:
    """Lead to the month of today."""
    today = _today(visit, work_of(request).clock.now())
    return RedirectResponse(visit.at(f"/calendrier/{today:%Y-%m}", **wanted.but("quand")), status_code=307)


@router.api_route("/{month}", methods=READ)
async def month(
    month: _Month, request: Request, visit: Annotated[Visit, Depends(visit_of)], wanted: Annotated[Wanted, Query()]
) -> Response:
    """Show the month."""
    first_day = date.fromisoformat(f"{month}-01")
    if not _FIRST <= first_day.year <= _LAST:
        raise NotFound
    work, wanted = work_of(request), wanted.model_copy(update={"quand": month})
    days = await programmes.month(work, wanted.search(), a_day=A_DAY)
    now = work.clock.now()
    before, after = _month_from(first_day, -1), _month_from(first_day, 1)
    table = MonthTable(
        search=filtering.search(wanted, visit, path=f"/calendrier/{month}", today=now.date(), of_a_month=True),
        first_day=first_day,
        weeks=_weeks(first_day, days, wanted, visit, now=now),
        weekdays=_weekdays(visit),
        found=sum(day.meetups for day in days),
        before=_link(before, wanted, visit),
        after=_link(after, wanted, visit),
        before_name=_name(before, visit),
        after_name=_name(after, visit),
        list=visit.at("/", **wanted.but()),
    )
    return page("programme/month.html", visit, {"month": table, "demo": table.demo})


def _weeks(
    first_day: date, found: list[MonthDay], wanted: Wanted, visit: Visit, *, now: datetime
) -> tuple[tuple[Day, ...], ...]:
    by_day = {day.day: day for day in found}
    weeks = Calendar(firstweekday=0).monthdatescalendar(first_day.year, first_day.month)

    def day_of(day: date) -> Day:
        known = by_day.get(day)
        return Day(
            date=day,
            inside=day.month == first_day.month,
            today=day == _today(visit, now),
            meetups=tuple(showing.meetup(sheet, now=now) for sheet in known.sheets) if known else (),
            others=known.meetups - len(known.sheets) if known else 0,
            all=visit.at("/", **wanted.but("quand", quand=day.isoformat())),
        )

    return tuple(tuple(day_of(day) for day in week) for week in weeks)


def _today(visit: Visit, now: datetime) -> date:
    """Return the day it is where the visitor says to be, or that of UTC."""
    return now.astimezone(ZoneInfo(visit.clock)).date() if visit.clock else now.date()


def _weekdays(visit: Visit) -> tuple[tuple[str, str], ...]:
    full = get_day_names("wide", locale=visit.texts.conventions)
    short = get_day_names("abbreviated", locale=visit.texts.conventions)
    return tuple((full[number], short[number]) for number in range(7))


def _month_from(first_day: date, months: int) -> date | None:
    number = first_day.year * 12 + first_day.month - 1 + months
    year = number // 12
    return date(year, number % 12 + 1, 1) if _FIRST <= year <= _LAST else None


def _link(first_day: date | None, wanted: Wanted, visit: Visit) -> str | None:
    return visit.at(f"/calendrier/{first_day:%Y-%m}", **wanted.but("quand")) if first_day else None


def _name(first_day: date | None, visit: Visit) -> str:
    if first_day is None:
        return ""
    return moments.month(datetime(first_day.year, first_day.month, 1), visit.texts)  # noqa: DTZ001 - of any place
