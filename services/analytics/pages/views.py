"""What the template reads: plain values made ready for one visitor. The template computes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from contracts.territories import TERRITORIES
from services.analytics.domain.disclosure import is_small
from services.analytics.domain.sizes import ProtectedLine
from services.analytics.domain.statistics import By, Figures
from services.analytics.figures import Choices, NamedMeetup, Report, Table
from services.analytics.pages.wording import Wording, label_of

COLUMNS = ("registrations", "confirmed", "waiting", "cancelled", "attended", "no_show")
_BAR = 100.0
_FOLDED_FROM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One total."""

    name: str
    value: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of a bar of 100; `kind` is its class in the stylesheet."""

    kind: Literal["confirmed", "pending", "waiting", "rest"]
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number as it is read; `hidden` tells that it is withheld."""

    column: str
    text: str
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One line of a table."""

    label: str
    remark: str = ""
    href: str | None = None
    off: bool = False
    bar: tuple[Segment, ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """One breakdown. `idle` lines, without any registration, are folded away; `left_out` meetups are not listed at all."""

    by: By
    has_seats: bool
    rows: tuple[RowView, ...]
    idle: tuple[RowView, ...]
    left_out: int
    any_hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a filter."""

    value: str
    name: str
    chosen: bool


def cards(report: Report, words: Wording) -> list[Card]:
    """The totals, in the order in which a registration lives."""
    total, t = report.totals, words.text
    reached = sum(
        1 for table in report.tables if table.by == "territory" for line in table.lines if line.line.figures.meetups
    )
    seats = t("card.seats_of", allowed=words.number(total.seats_allowed))
    ended = t("card.ended", n=total.meetups_ended)
    off = f" · {t('card.cancelled_meetups', n=total.meetups_cancelled)}" if total.meetups_cancelled else ""
    return [
        Card(name=t("card.meetups"), value=words.number(total.meetups), remark=ended + off),
        Card(
            name=t("card.territories"), value=words.number(reached), remark=t("card.territories_of", n=len(TERRITORIES))
        ),
        Card(
            name=t("card.seats"),
            value=words.number(total.seats_taken),
            remark=f"{seats} · {words.percent(total.fill_rate)}",
        ),
        Card(
            name=t("card.registrations"),
            value=words.number(total.registrations),
            remark=t("card.confirmed", n=total.confirmed),
        ),
        Card(name=t("card.waiting"), value=words.number(total.waiting), remark=t("card.offered", n=total.offered)),
        Card(name=t("card.cancelled"), value=words.number(total.cancelled), remark=t("card.expired", n=total.expired)),
        Card(name=t("card.attended"), value=words.number(total.attended), remark=t("card.expected", n=total.expected)),
        Card(
            name=t("card.no_show"),
            value=words.percent(total.no_show_rate),
            remark=t("card.no_show_people", n=total.no_show),
        ),
    ]


def table_view(table: Table, words: Wording, *, public_url: str) -> TableView:
    """A breakdown made ready."""
    widest = max((line.value("registrations") or 0 for line in table.lines), default=0)
    busy, idle = _apart(table.lines)
    return TableView(
        by=table.by,
        has_seats=table.by != "size",
        rows=tuple(_row(table, line, words, widest=widest, public_url=public_url) for line in busy),
        idle=tuple(_row(table, line, words, widest=widest, public_url=public_url) for line in idle),
        left_out=table.lines_in_all - len(table.lines),
        any_hidden=any(line.hidden for line in table.lines),
    )


def _apart(lines: Sequence[ProtectedLine]) -> tuple[list[ProtectedLine], list[ProtectedLine]]:
    """Return the lines to show and those to fold away; where folding would leave nothing, or hide next to nothing, all are shown."""
    idle = [line for line in lines if line.value("registrations") == 0]
    if len(idle) < _FOLDED_FROM or len(idle) == len(lines):
        return list(lines), []
    return [line for line in lines if line.value("registrations") != 0], idle


def territory_options(choices: Choices, chosen: str | None) -> list[Option]:
    """Territories that have a meetup, by name."""
    names = {code: TERRITORIES[code].name if code in TERRITORIES else code for code in choices.territories}
    return [
        Option(value=code, name=f"{name} ({code})", chosen=code == chosen)
        for code, name in sorted(names.items(), key=lambda item: item[0])
    ]


def month_options(choices: Choices, chosen: str | None, words: Wording) -> list[Option]:
    """Months that have a meetup."""
    return [Option(value=month, name=words.month(month), chosen=month == chosen) for month in choices.months]


def _row(table: Table, line: ProtectedLine, words: Wording, *, widest: int, public_url: str) -> RowView:
    meetup = table.meetups.get(line.line.key)
    code = line.line.key if table.by == "territory" else ""
    return RowView(
        label=label_of(table, line.line.key, words),
        remark=_remark(meetup, words) if meetup else code,
        href=f"{public_url}{words.text('page.prefix')}/rencontres/{meetup.slug}" if meetup else None,
        off=meetup is not None and meetup.is_cancelled,
        bar=_bar(line, widest),
        cells=tuple(_cells(line, words, has_seats=table.by != "size")),
    )


def _remark(meetup: NamedMeetup, words: Wording) -> str:
    place = TERRITORIES[meetup.territory].name if meetup.territory in TERRITORIES else meetup.territory
    remark = f"{words.day(meetup.starts_local.date())} · {place}"
    return f"{remark} · {words.text('page.cancelled')}" if meetup.is_cancelled else remark


def _cells(line: ProtectedLine, words: Wording, *, has_seats: bool) -> list[Cell]:
    figures = line.line.figures
    seats = [Cell(column="seats", text=_seats(figures, words))] if has_seats else []
    return seats + [_cell(line, name, words) for name in COLUMNS]


def _seats(figures: Figures, words: Wording) -> str:
    if not figures.meetups:
        return "–"
    return str(
        words.text("page.seats", taken=words.number(figures.seats_taken), allowed=words.number(figures.seats_allowed))
    )


def _cell(line: ProtectedLine, name: str, words: Wording) -> Cell:
    value = line.value(name)
    if value is None:
        small = is_small(int(getattr(line.line.figures, name)))
        return Cell(column=name, text=words.text("page.small" if small else "page.withheld"), hidden=True)
    if name == "no_show" and not line.line.figures.expected:
        return Cell(column=name, text="–")
    return Cell(column=name, text=words.number(value))


def _bar(line: ProtectedLine, widest: int) -> tuple[Segment, ...]:
    """Confirmed, pending and waiting of all registrations, as far as they may be seen."""
    whole = line.value("registrations")
    if not whole or not widest:
        return ()
    if line.hidden & {"confirmed", "held", "offered", "waiting"}:
        return _segments([("rest", whole)], widest)
    figures = line.line.figures
    pending = figures.held + figures.offered
    rest = whole - figures.confirmed - pending - figures.waiting
    return _segments(
        [("confirmed", figures.confirmed), ("pending", pending), ("waiting", figures.waiting), ("rest", rest)], widest
    )


def _segments(
    parts: Sequence[tuple[Literal["confirmed", "pending", "waiting", "rest"], int]], widest: int
) -> tuple[Segment, ...]:
    found: list[Segment] = []
    x = 0.0
    for kind, count in parts:
        width = _BAR * count / widest
        if count:
            found.append(Segment(kind=kind, x=round(x, 2), width=round(width, 2)))
        x += width
    return tuple(found)
