"""Which cells of a table of people must stay hidden (reference: INSEE's guide to the protection of tables; threshold for people: 11).

A cell of 1 to 10 people is hidden (primary), and so many others with it (secondary) that no sum gives it away. Totals of columns are
taken as known to everybody; so is that the parts of a row add up to its whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

THRESHOLD = 11

Cell: TypeAlias = tuple[str, str]
"""Row and column."""
Line: TypeAlias = tuple[str, str]
"""`("row", name)` or `("column", name)`: the cells on it are bound by one known sum."""


def is_small(count: int) -> bool:
    """Whether a number of people is too small to be shown."""
    return 0 < count < THRESHOLD


def hidden_cells(table: Mapping[Cell, int], *, hidden: Iterable[Cell] = ()) -> frozenset[Cell]:
    """Return the cells to hide: those too small, those `hidden` already, and those that would give one of them away.

    A row's whole, if shown at all, stands in the table as one more column. Where a whole row or column is empty there is nothing to
    hide, nor to hide behind: its sum says so.
    """
    table = _without_empty_lines(table)
    out = {cell for cell, count in table.items() if is_small(count)} | {cell for cell in hidden if cell in table}
    while (line := _line_that_tells(table, out)) is not None:
        shown = [cell for cell in _cells_on(line, table) if cell not in out]
        out.add(min(shown, key=lambda cell: (table[cell] == 0, table[cell], cell)))
    return frozenset(out)


def _without_empty_lines(table: Mapping[Cell, int]) -> dict[Cell, int]:
    rows = {row for (row, _), count in table.items() if count}
    columns = {column for (_, column), count in table.items() if count}
    return {cell: count for cell, count in table.items() if cell[0] in rows and cell[1] in columns}


def _line_that_tells(table: Mapping[Cell, int], hidden: set[Cell]) -> Line | None:
    """A line that needs another hidden cell and still has one to give."""
    for cell in sorted(hidden):
        for line in (("row", cell[0]), ("column", cell[1])):
            on_it = _cells_on(line, table)
            mine = [other for other in on_it if other in hidden]
            too_few = len(mine) < 2 or sum(table[other] for other in mine) < THRESHOLD
            if len(mine) < len(on_it) and (too_few or _stands_alone(cell, hidden)):
                return line
    return None


def _cells_on(line: Line, table: Mapping[Cell, int]) -> list[Cell]:
    kind, name = line
    return [cell for cell in table if cell[0 if kind == "row" else 1] == name]


def _stands_alone(cell: Cell, hidden: set[Cell]) -> bool:
    """Whether the known sums determine the cell: it lies on no cycle of hidden cells, each a way between its row and its column."""
    ways: dict[Line, list[Line]] = defaultdict(list)
    for row, column in hidden - {cell}:
        ways["row", row].append(("column", column))
        ways["column", column].append(("row", row))
    start, goal = ("row", cell[0]), ("column", cell[1])
    reached, to_visit = {start}, [start]
    while to_visit:
        for line in ways[to_visit.pop()]:
            if line not in reached:
                reached.add(line)
                to_visit.append(line)
    return goal not in reached
