"""When a refused mail is tried again, and when it is given up."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.retries import RetryPolicy
from tests.fixtures.notifying import NOW

POLICY = RetryPolicy()


@given(st.integers(1, 1000), st.floats(0, 1))
def test_the_wait_is_bounded_and_never_nothing(attempts: int, luck: float) -> None:
    assert POLICY.first_wait / 10 <= POLICY.wait(attempts=attempts, luck=luck) <= POLICY.longest_wait


def test_the_wait_grows_and_is_spread_out() -> None:
    assert [POLICY.wait(attempts=n, luck=1.0).total_seconds() for n in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert POLICY.wait(attempts=4, luck=0.5) == timedelta(seconds=4)


def test_a_mail_is_given_up_after_so_many_refusals_or_so_long() -> None:
    assert not POLICY.is_over(attempts=29, due_at=NOW, now=NOW + timedelta(hours=47))
    assert POLICY.is_over(attempts=30, due_at=NOW, now=NOW)
    assert POLICY.is_over(attempts=1, due_at=NOW, now=NOW + timedelta(hours=48))
