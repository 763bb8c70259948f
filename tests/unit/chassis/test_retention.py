"""Terms are counted in months of the calendar."""

from datetime import UTC, datetime

import asyncpg
import pytest

from chassis.retention import Due, Kind, Outcome, _log, days, forget, months, table
from chassis.sql import Query


@pytest.mark.parametrize(
    ("now", "count", "before"),
    [
        (datetime(2028, 4, 15, 17, tzinfo=UTC), 12, datetime(2027, 4, 15, 17, tzinfo=UTC)),
        (datetime(2027, 5, 31, tzinfo=UTC), 3, datetime(2027, 2, 28, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), 12, datetime(2027, 2, 28, tzinfo=UTC)),
        (datetime(2027, 1, 1, tzinfo=UTC), 13, datetime(2025, 12, 1, tzinfo=UTC)),
        (datetime(2027, 12, 31, tzinfo=UTC), 36, datetime(2024, 12, 31, tzinfo=UTC)),
    ],
)
def test_months_end_where_the_calendar_ends_them(now: datetime, count: int, before: datetime) -> None:
    assert months(count, "").before(now) == before


def test_days_are_days() -> None:
    assert days(7, "").before(datetime(2027, 3, 8, tzinfo=UTC)) == datetime(2027, 3, 1, tzinfo=UTC)


def test_a_survey_reads_as_a_table() -> None:
    due = [Due(kind="mails", rule="13 months", count=12, oldest=datetime(2026, 1, 2, tzinfo=UTC))]
    assert table(due).splitlines() == ["kind   due  oldest      rule", "mails  12   2026-01-02  13 months"]


@pytest.mark.parametrize("error", [TimeoutError, asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError])
async def test_a_kind_that_takes_too_long_is_reported_and_those_after_it_go(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    left = {"mails": 3, "copies": 1}
    reports: list[dict[str, object]] = []
    monkeypatch.setattr(_log, "error", lambda _event, **facts: reports.append(facts))

    def kind(name: str, *, fails_at: int | None = None) -> Kind:
        async def remove(before: datetime, limit: int) -> int:
            if left[name] == fails_at:
                raise error
            gone = min(left[name], limit)
            left[name] -= gone
            return gone

        return Kind(name, days(1, ""), due=Query("due", "", ""), remove=remove)

    done = await forget([kind("mails", fails_at=1), kind("copies")], now=datetime(2027, 3, 8, tzinfo=UTC), batch=2)
    assert done == Outcome({"mails": 2, "copies": 1}, given_up=("mails",))
    assert [(report["kind"], report["removed"]) for report in reports] == [("mails", 2)]
