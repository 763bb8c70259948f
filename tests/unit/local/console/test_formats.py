"""Times and sizes are told as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from local.console import formats

SECOND = formats.SECOND


@pytest.mark.parametrize(
    ("nanoseconds", "read"),
    [
        (0, "0 µs"),
        (850_000, "850 µs"),
        (8_312_000, "8.31 ms"),
        (57_000_000, "57 ms"),
        (999_600_000, "1 s"),
        (1_240_000_000, "1.24 s"),
        (59_960_000_000, "1 min 0 s"),
        (125 * SECOND, "2 min 5 s"),
        (49 * 3600 * SECOND + 12 * 60 * SECOND, "49 h 12 min"),
        (76 * 3600 * SECOND, "3 d 4 h"),
    ],
)
def test_a_duration_is_read_at_a_glance(nanoseconds: int, read: str) -> None:
    assert formats.duration(nanoseconds) == read


@pytest.mark.parametrize(
    ("seconds", "read"), [(0, "just now"), (12, "12 s ago"), (200, "3 min ago"), (7300, "2 h ago")]
)
def test_an_instant_is_told_from_now(seconds: int, read: str) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert formats.ago(now - timedelta(seconds=seconds), now) == read


def test_large_numbers_are_grouped() -> None:
    assert formats.number(1234567) == "1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567"
