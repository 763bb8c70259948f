"""« Every second Tuesday », put off by a week where that day is a national holiday."""

from dataclasses import dataclass
from datetime import date, timedelta

_FIXED = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
"""Holidays of a fixed date, article L3133-1 of the Code du travail."""


@dataclass(frozen=True, slots=True)
class MonthlyRule:
    """The `ordinal`-th (1-4) `weekday` (Monday is 0) of each month."""

    ordinal: int
    weekday: int

    def day(self, year: int, month: int) -> date:
        """Return its day in one month."""
        first = date(year, month, 1)
        day = first + timedelta(days=(self.weekday - first.weekday()) % 7, weeks=self.ordinal - 1)
        return day + timedelta(weeks=1) if _is_holiday(day) else day


def months_from(day: date, count: int) -> list[tuple[int, int]]:
    """Return the year and month of `day` and of those that follow."""
    first = day.year * 12 + day.month - 1
    return [(index // 12, index % 12 + 1) for index in range(first, first + count)]


def _is_holiday(day: date) -> bool:
    after_easter = (day - _easter(day.year)).days
    return (day.month, day.day) in _FIXED or after_easter in {1, 39, 50}


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)
