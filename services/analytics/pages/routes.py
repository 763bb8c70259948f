"""`/statistiques` and `/en/statistics`, and any problem as a page."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis.problems import Language, Problem, language_of_request
from services.analytics.domain.statistics import By, Filters
from services.analytics.pages import views
from services.analytics.pages.rendering import PATHS, page
from services.analytics.pages.wording import wording
from services.analytics.reading import Reports, chosen_days

router = APIRouter(include_in_schema=False)

MEETUPS_SHOWN = 20
_EVERYTHING: tuple[By, ...] = ("territory", "size", "month", "meetup")
_PART: tuple[By, ...] = ("territory", "month", "meetup")

Territory = Annotated[str, Query(alias="territoire", pattern=r"^[A-Za-z0-9_+-]{0,32}$")]
Month = Annotated[str, Query(alias="mois", pattern=r"^(20[0-9]{2}-(0[1-9]|1[0-2]))?$")]
ReportsHere = Annotated[Reports, Depends(Reports.of)]


@router.get("/")
async def home(request: Request) -> Response:
    """Lead to the page, in the visitor's language."""
    return RedirectResponse(PATHS[language_of_request(request)], status_code=307, headers={"Vary": "Accept-Language"})


@router.get(PATHS["fr"])
async def statistiques(reports: ReportsHere, territory: Territory = "", month: Month = "") -> HTMLResponse:
    """The page in French."""
    return await _statistics(reports, "fr", territory or None, month or None)


@router.get(PATHS["en"])
async def statistics(reports: ReportsHere, territory: Territory = "", month: Month = "") -> HTMLResponse:
    """The page in English."""
    return await _statistics(reports, "en", territory or None, month or None)


def problem_page(request: Request, problem: Problem) -> Response:
    """Say what happened, in the language of the page they were on. Status and headers are the caller's."""
    language: Language = "en" if request.url.path.startswith("/en/") else language_of_request(request)
    return page(
        "problem.html",
        wording(language),
        public_url="",
        query="",
        heading=problem.title(language),
        detail=problem.detail(language) if problem.detail else None,
        demo=False,
    )


async def _statistics(reports: Reports, language: Language, territory: str | None, month: str | None) -> HTMLResponse:
    words = wording(language)
    first, last = chosen_days(month)
    filters = Filters(territory=territory, first_day=first, last_day=last)
    report = await reports.read(by=_PART if filters.are_set else _EVERYTHING, filters=filters, limit=MEETUPS_SHOWN)
    return page(
        "statistics.html",
        words,
        public_url=reports.public_url,
        query=_query(territoire=territory, mois=month),
        api_query=_query(territory=territory, month=month),
        filtered=filters.are_set,
        cards=views.cards(report, words),
        tables=[views.table_view(table, words, public_url=reports.public_url) for table in report.tables],
        territories=views.territory_options(report.choices, territory),
        months=views.month_options(report.choices, month, words),
        freshness=report.freshness,
        behind=await reports.behind(),
        demo=report.choices.demo,
    )


def _query(**values: str | None) -> str:
    return urlencode({name: value for name, value in values.items() if value})
