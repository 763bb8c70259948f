"""The one table that says something of people beyond their number: registrations by headcount of their firm, small cells hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.analytics.domain.disclosure import Cell, hidden_cells
from services.analytics.domain.statistics import PEOPLE, Figures, Line

_STATUSES = ("held", "waiting", "offered", "confirmed", "cancelled", "expired")
_NOT_YET = "not_yet"  # confirmed for a meetup still to come: not shown, but whoever knows the rest knows it


@dataclass(frozen=True, slots=True)
class ProtectedLine:
    """A line and the names of its figures that are not to be shown."""

    line: Line
    hidden: frozenset[str]

    def value(self, name: str) -> int | None:
        """A figure, or None when it is hidden."""
        return None if name in self.hidden else int(getattr(self.line.figures, name))


def protect(lines: Sequence[Line]) -> list[ProtectedLine]:
    """Decide which figures of each line stay hidden, all lines together."""
    by_status = hidden_cells(_table(lines, ("registrations", *_STATUSES)))
    whole_hidden = {row for row, column in by_status if column == "confirmed"}
    came = _table(lines, ("attended", "no_show")) | {
        (line.key, _NOT_YET): line.figures.confirmed - line.figures.attended - line.figures.no_show for line in lines
    }
    by_attendance = hidden_cells(came, hidden=[cell for cell in came if cell[0] in whole_hidden])
    hidden = by_status | by_attendance
    return [ProtectedLine(line, frozenset(name for name in PEOPLE if (line.key, name) in hidden)) for line in lines]


def in_order(lines: Sequence[Line], order: Sequence[str]) -> list[Line]:
    """Sort by a vocabulary: every band it has, empty ones too, then codes it does not know yet."""
    by_key = {line.key: line for line in lines}
    known = [by_key.pop(code, Line(code, Figures())) for code in order]
    return known + [by_key[code] for code in sorted(by_key)]


def _table(lines: Sequence[Line], columns: Sequence[str]) -> dict[Cell, int]:
    return {(line.key, column): int(getattr(line.figures, column)) for line in lines for column in columns}
