"""Lines where nobody has registered are folded away, as long as that leaves something to read and saves something."""

import pytest

from services.analytics.domain.sizes import ProtectedLine
from services.analytics.domain.statistics import Figures, Line
from services.analytics.pages.views import _apart


def lines(*registrations: int) -> list[ProtectedLine]:
    return [ProtectedLine(Line(str(n), Figures(registrations=n)), hidden=frozenset()) for n in registrations]


@pytest.mark.parametrize(
    ("registrations", "folded"),
    [((3, 0, 0, 0, 0), 4), ((3, 0, 0, 0), 0), ((0, 0, 0, 0, 0), 0), ((), 0)],
)
def test_idle_lines_are_folded_where_there_are_some_and_others_too(registrations: tuple[int, ...], folded: int) -> None:
    shown, idle = _apart(lines(*registrations))
    assert len(idle) == folded
    assert len(shown) + len(idle) == len(registrations)
