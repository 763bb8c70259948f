"""Terms are counted in months of the calendar."""

from datetime import UTC, datetime

import pytest

from chassis.retention import Due, days_before, months_before, table


@pytest.mark.parametrize(
    ("now", "months", "before"),
    [
        (datetime(2028, 4, 15, 17, tzinfo=UTC), 12, datetime(2027, 4, 15, 17, tzinfo=UTC)),
        (datetime(2027, 5, 31, tzinfo=UTC), 3, datetime(2027, 2, 28, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), 12, datetime(2027, 2, 28, tzinfo=UTC)),
        (datetime(2027, 1, 1, tzinfo=UTC), 13, datetime(2025, 12, 1, tzinfo=UTC)),
        (datetime(2027, 12, 31, tzinfo=UTC), 36, datetime(2024, 12, 31, tzinfo=UTC)),
    ],
)
def test_months_end_where_the_calendar_ends_them(now: datetime, months: int, before: datetime) -> None:
    assert months_before(months)(now) == before


def test_days_are_days() -> None:
    assert days_before(7)(datetime(2027, 3, 8, tzinfo=UTC)) == datetime(2027, 3, 1, tzinfo=UTC)


def test_a_survey_reads_as_a_table() -> None:
    due = [Due(kind="mails", rule="13 months", count=12, oldest=datetime(2026, 1, 2, tzinfo=UTC))]
    assert table(due).splitlines() == ["kind   due  oldest      rule", "mails  12   2026-01-02  13 months"]
