"""No hidden number can be worked out from the numbers that are shown."""

from collections.abc import Mapping
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.analytics.domain.disclosure import THRESHOLD, Cell, hidden_cells, is_small
from services.analytics.domain.sizes import in_order, protect
from services.analytics.domain.statistics import PEOPLE, Figures, Line

COUNTS = st.one_of(st.just(0), st.integers(1, 12), st.integers(11, 400))


@st.composite
def tables(draw: st.DrawFn) -> dict[Cell, int]:
    rows, columns = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    return {(f"r{row}", f"c{column}"): draw(COUNTS) for row in range(rows) for column in range(columns)}


@given(tables())
def test_small_cells_are_hidden(table: dict[Cell, int]) -> None:
    assert {cell for cell, count in table.items() if is_small(count)} <= hidden_cells(table)


@given(tables())
def test_no_small_cell_follows_from_the_sums(table: dict[Cell, int]) -> None:
    hidden = hidden_cells(table)
    room = _cells_of_full_lines(table)
    given_away = _determined(hidden)
    # Where everything that is not empty is hidden there is nothing left to hide behind: only the sums themselves tell then.
    assert {cell for cell in given_away if is_small(table[cell])} <= room


@given(tables())
def test_a_table_without_small_cells_is_shown_whole(table: dict[Cell, int]) -> None:
    large = {cell: count if not is_small(count) else THRESHOLD for cell, count in table.items()}

    assert not hidden_cells(large)


def test_an_empty_row_hides_nothing_and_nothing_hides_behind_it() -> None:
    table = {("a", "x"): 3, ("a", "y"): 40, ("b", "x"): 50, ("b", "y"): 60, ("empty", "x"): 0, ("empty", "y"): 0}

    assert hidden_cells(table) == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}


def test_sizes_of_a_large_network_are_shown() -> None:
    lines = [
        Line(size, Figures(registrations=60, held=20, confirmed=40, attended=25, no_show=15)) for size in ("0", "1-9")
    ]

    assert not any(line.hidden for line in protect(lines))


def test_one_small_band_is_not_found_by_subtracting_the_others_from_the_total() -> None:
    lines = [
        Line("0", Figures(registrations=300, confirmed=300)),
        Line("1-9", Figures(registrations=200, confirmed=200)),
        Line("5000+", Figures(registrations=2, confirmed=2)),
    ]

    shown = {line.line.key: line.value("registrations") for line in protect(lines)}

    assert shown == {"0": 300, "1-9": None, "5000+": None}


def test_bands_keep_the_order_of_the_form_and_unknown_ones_come_last() -> None:
    lines = in_order([Line("new", Figures()), Line("1-9", Figures(registrations=3))], ["0", "1-9"])

    assert [line.key for line in lines] == ["0", "1-9", "new"]


def test_only_figures_about_people_are_ever_hidden() -> None:
    lines = [Line("0", Figures(registrations=1, held=1))]

    assert protect(lines)[0].hidden <= set(PEOPLE)


def _cells_of_full_lines(table: Mapping[Cell, int]) -> set[Cell]:
    """Cells alone in a row or column once empty lines are left out: their sum is public, so nothing can hide them."""
    filled = {cell for cell, count in table.items() if count}
    rows, columns = {row for row, _ in filled}, {column for _, column in filled}
    return set(table) if min(len(rows), len(columns)) < 2 else set()


def _determined(hidden: frozenset[Cell]) -> set[Cell]:
    """Hidden cells that the known sums of rows and columns fix, by elimination over exact fractions."""
    cells = sorted(hidden)
    lines = {(kind, cell[kind]) for cell in cells for kind in (0, 1)}
    rows = [[Fraction(int(cell[kind] == name)) for cell in cells] for kind, name in sorted(lines)]
    reduced = _reduced(rows, len(cells))
    return {
        cells[next(i for i, value in enumerate(row) if value)]
        for row in reduced
        if sum(value != 0 for value in row) == 1
    }


def _reduced(rows: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    rank = 0
    for column in range(width):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        scale = rows[rank][column]
        rows[rank] = [value / scale for value in rows[rank]]
        for i, row in enumerate(rows):
            if i != rank and (factor := row[column]):
                rows[i] = [value - factor * top for value, top in zip(row, rows[rank], strict=True)]
        rank += 1
    return rows[:rank]
