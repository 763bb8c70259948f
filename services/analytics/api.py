"""`GET /api/v1/statistics`: the report as JSON, each figure with its definition."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, Field

from chassis import problems
from chassis.problems import Problem, Text, language_of_request
from contracts.fact import Code
from services.analytics import figures
from services.analytics.domain.disclosure import THRESHOLD
from services.analytics.domain.sizes import ProtectedLine
from services.analytics.domain.statistics import PEOPLE, SEATS, By, Figures, Filters
from services.analytics.pages.wording import label_of, wording
from services.analytics.reading import Reports, chosen_days

router = APIRouter(prefix="/api/v1", tags=["statistics"])


class CrossingNotPublished(Problem):
    """Raised when sizes are asked for a part of the network: subtracting such tables from each other would tell of single people."""

    slug, status = "crossing-not-published", 422
    title = Text(
        "La répartition par taille n’est publiée que pour l’ensemble du réseau",
        "The breakdown by size is published for the whole network only",
    )


Count = Annotated[int, Field(ge=0)]


def _iso(value: object) -> object:
    # pydantic would take 0 for 1 January 1970.
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("a day is written as 2027-02-28")
    return value


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Day = Annotated[date, BeforeValidator(_iso)]


class Cells(BaseModel):
    """The figures of a line; `definitions` says what each counts. Null: hidden (see `hidden`), or of no meaning for this line."""

    meetups: Count | None
    meetups_ended: Count | None
    meetups_cancelled: Count | None
    capacity: Count | None
    seats_allowed: Count | None
    seats_taken: Count | None
    registrations: Count | None
    held: Count | None
    waiting: Count | None
    offered: Count | None
    confirmed: Count | None
    cancelled: Count | None
    expired: Count | None
    attended: Count | None
    no_show: Count | None
    no_show_rate: Annotated[float | None, Field(ge=0, le=1)]


class Row(BaseModel):
    """One line of the breakdown."""

    key: Annotated[str, Field(description="meetup id, territory code, band of headcount, or month as YYYY-MM")]
    label: str
    figures: Cells
    hidden: Annotated[
        tuple[str, ...], Field(description="figures withheld because so few people stand behind them")
    ] = ()


class AsOf(BaseModel):
    """How far the report has come."""

    last_event_at: Annotated[datetime | None, Field(description="time of the youngest event applied")]
    events_behind: Annotated[
        Count | None, Field(description="events not applied yet; null when the broker does not say")
    ]
    unplaced_registrations: Annotated[
        Count, Field(description="registrations whose meetup is not known yet; in no figure")
    ]


class Disclosure(BaseModel):
    """The rule by which figures are withheld."""

    threshold: int = THRESHOLD
    reason: str = f"k<{THRESHOLD}"


class Statistics(BaseModel):
    """The report."""

    by: By
    territory: str | None
    first_day: Annotated[date | None, Field(description="meetups starting on or after this day, at their venue")]
    last_day: Annotated[date | None, Field(description="and not after this one")]
    demo: Annotated[bool, Field(description="whether any meetup of the network is made up")]
    as_of: AsOf
    totals: Cells
    rows: tuple[Row, ...]
    rows_in_all: Annotated[Count, Field(description="more than rows are given when `limit` cut the list of meetups")]
    disclosure: Disclosure
    definitions: dict[str, str]


class Asked(BaseModel):
    """What is asked for."""

    model_config = {"extra": "forbid"}

    by: By = "territory"
    territory: Annotated[Code | None, Field(description="code of a department or collectivity: 2A, 69, 974")] = None
    month: Annotated[
        str | None, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="YYYY-MM, by the venue's calendar")
    ] = None
    from_: Annotated[Day | None, Field(alias="from", description="first day")] = None
    to: Annotated[Day | None, Field(description="last day, included")] = None
    limit: Annotated[
        int, Field(ge=1, le=1000, description="of meetups: those with registrations first, then those nearest to now")
    ] = 100

    @property
    def filters(self) -> Filters:
        """The meetups to count; `month` and days both hold when both are given."""
        first, last = chosen_days(self.month)
        return Filters(
            territory=self.territory,
            first_day=max(filter(None, (first, self.from_)), default=None),
            last_day=min(filter(None, (last, self.to)), default=None),
        )


@router.get(
    "/statistics",
    responses=problems.responses(CrossingNotPublished, problems.InvalidInput, problems.Unavailable),
)
async def statistics(
    request: Request,
    response: Response,
    asked: Annotated[Asked, Query()],
    reports: Annotated[Reports, Depends(Reports.of)],
) -> Statistics:
    """Seats, registrations, waiting, cancellations, attendance and no-shows by meetup, territory, size or month."""
    if asked.by == "size" and asked.filters.are_set:
        raise CrossingNotPublished
    language = language_of_request(request)
    response.headers.update({"Cache-Control": "no-cache", "Content-Language": language, "Vary": "Accept-Language"})
    report = await reports.read(by=(asked.by,), filters=asked.filters, limit=asked.limit)
    table = report.tables[0]
    words = wording(language)
    return Statistics(
        by=asked.by,
        territory=asked.filters.territory,
        first_day=asked.filters.first_day,
        last_day=asked.filters.last_day,
        demo=report.choices.demo,
        as_of=_as_of(report.freshness, await reports.behind()),
        totals=_cells(report.totals),
        rows=tuple(_row(line, label_of(table, line.line.key, words), sizes=asked.by == "size") for line in table.lines),
        rows_in_all=table.lines_in_all,
        disclosure=Disclosure(),
        definitions={name: str(words.text(f"definition.{name}")) for name in Cells.model_fields},
    )


def _row(line: ProtectedLine, label: str, *, sizes: bool) -> Row:
    cells = _cells(line.line.figures)
    withheld: dict[str, None] = dict.fromkeys(line.hidden)
    if sizes:  # seats belong to meetups, and a rate would tell what is hidden
        withheld |= dict.fromkeys(("meetups", "meetups_ended", "meetups_cancelled", *SEATS, "no_show_rate"))
    return Row(
        key=line.line.key,
        label=label,
        figures=cells.model_copy(update=withheld),
        hidden=tuple(name for name in PEOPLE if name in line.hidden),
    )


def _cells(of: Figures) -> Cells:
    return Cells(**{name: getattr(of, name) for name in Cells.model_fields})


def _as_of(freshness: figures.Freshness, behind: int | None) -> AsOf:
    last = freshness.last_event_at
    return AsOf(
        last_event_at=last.astimezone(UTC) if last else None,
        events_behind=behind,
        unplaced_registrations=freshness.unplaced,
    )
