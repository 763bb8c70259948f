"""How often something may be asked: the meter of GCRA, its memory, and what is told of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.limits import Limiter, Policy, headers

FOUR_A_MINUTE = Policy("forms", 4, 60)
HERE = b"\xcb\x00\x71\x09"


def test_a_quota_may_be_used_at_once_and_comes_back_evenly() -> None:
    limiter = Limiter()
    assert [limiter.ask(FOUR_A_MINUTE, HERE, now=100.0).allowed for _ in range(5)] == [True] * 4 + [False]
    assert not limiter.ask(FOUR_A_MINUTE, HERE, now=114.9).allowed
    assert limiter.ask(FOUR_A_MINUTE, HERE, now=115.0).allowed
    assert not limiter.ask(FOUR_A_MINUTE, HERE, now=115.0).allowed
    assert [limiter.ask(FOUR_A_MINUTE, HERE, now=1000.0).allowed for _ in range(5)] == [True] * 4 + [False]


def test_what_is_told_is_what_happens() -> None:
    limiter = Limiter()
    told = [limiter.ask(FOUR_A_MINUTE, HERE, now=100.0) for _ in range(5)]
    assert [(v.remaining, v.full_in, v.retry_after) for v in told] == [(3, 15, 0), (2, 30, 0), (1, 45, 0), (0, 60, 0), (0, 60, 15)]  # fmt: skip
    assert limiter.ask(FOUR_A_MINUTE, HERE, now=100.0 + told[-1].retry_after).allowed


def test_callers_and_policies_do_not_share() -> None:
    limiter = Limiter()
    for _ in range(4):
        limiter.ask(FOUR_A_MINUTE, HERE, now=1.0)
    assert limiter.ask(FOUR_A_MINUTE, b"other", now=1.0).allowed
    assert limiter.ask(Policy("links", 4, 60), HERE, now=1.0).allowed


def test_a_refusal_costs_nothing_and_so_does_a_look() -> None:
    limiter = Limiter()
    for _ in range(100):
        assert limiter.ask(FOUR_A_MINUTE, HERE, now=1.0, cost=0).remaining == 4
    last = [limiter.ask(FOUR_A_MINUTE, HERE, now=1.0) for _ in range(100)][-1]
    assert (last.allowed, last.retry_after) == (False, 15)
    assert not limiter.ask(FOUR_A_MINUTE, HERE, now=1.0, cost=0).allowed


def test_several_at_once_are_all_granted_or_none() -> None:
    limiter = Limiter()
    assert limiter.ask(FOUR_A_MINUTE, HERE, now=1.0, cost=3).allowed
    refused = limiter.ask(FOUR_A_MINUTE, HERE, now=1.0, cost=3)
    assert (refused.allowed, refused.remaining, refused.retry_after) == (False, 1, 30)
    assert limiter.ask(FOUR_A_MINUTE, HERE, now=31.0, cost=3).allowed


@given(
    quota=st.integers(1, 50),
    window=st.integers(1, 86_400),
    steps=st.lists(st.floats(0, 100), min_size=1, max_size=200),
)
def test_no_window_ever_sees_more_than_twice_the_quota_and_waiting_always_helps(
    quota: int, window: int, steps: list[float]
) -> None:
    limiter, policy, now = Limiter(), Policy("p", quota, window), 1_800_000_000.0
    granted: list[float] = []
    for step in steps:
        now += step
        verdict = limiter.ask(policy, HERE, now=now)
        assert 0 <= verdict.remaining < quota
        if verdict.allowed:
            granted.append(now)
        else:
            assert verdict.retry_after <= window + 1
            assert limiter.ask(policy, HERE, now=now + verdict.retry_after, cost=0).allowed
        assert len([at for at in granted if at > now - window]) <= 2 * quota


def test_memory_is_bounded_and_forgets_who_asked_longest_ago() -> None:
    limiter = Limiter(kept=3)
    for _ in range(4):
        limiter.ask(FOUR_A_MINUTE, HERE, now=1.0)
    for caller in (b"a", b"b", b"c"):
        limiter.ask(FOUR_A_MINUTE, caller, now=2.0)
    assert len(limiter) == 3
    assert limiter.ask(FOUR_A_MINUTE, HERE, now=2.0).allowed


def test_a_flood_of_names_under_one_policy_reopens_no_other() -> None:
    limiter = Limiter(kept=100)
    for _ in range(4):
        limiter.ask(FOUR_A_MINUTE, HERE, now=1.0)
    for name in range(500):
        limiter.ask(Policy("tokens", 4, 60), name.to_bytes(4), now=1.0)
    assert not limiter.ask(FOUR_A_MINUTE, HERE, now=1.0).allowed
    assert len(limiter) == 101


def test_who_is_refused_goes_on_being_remembered() -> None:
    limiter = Limiter(kept=3)
    for _ in range(4):
        limiter.ask(FOUR_A_MINUTE, HERE, now=1.0)
    for caller in range(20):
        assert not limiter.ask(FOUR_A_MINUTE, HERE, now=1.0).allowed
        limiter.ask(FOUR_A_MINUTE, caller.to_bytes(4), now=1.0)


def test_nothing_kept_tells_who_asked() -> None:
    limiter = Limiter()
    limiter.ask(FOUR_A_MINUTE, b"zaina@exemple.fr", now=1.0)
    kept = repr(limiter._due)
    assert "zaina" not in kept
    other = Limiter()
    other.ask(FOUR_A_MINUTE, b"zaina@exemple.fr", now=1.0)
    assert set(limiter._due["forms"]).isdisjoint(other._due["forms"])  # the salt is the process's


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    limiter = Limiter()
    for _ in range(4):
        limiter.ask(FOUR_A_MINUTE, HERE, now=10_000.0)
    assert limiter.ask(FOUR_A_MINUTE, HERE, now=100.0).allowed


def test_a_policy_is_written_as_requests_in_seconds() -> None:
    assert Policy.read("forms", "40/600") == Policy("forms", 40, 600)
    assert Policy.read("forms", "off") is None
    for wrong in ("", "40", "40/0", "0/60", "-1/60", "40/86401", "4 0/60", "٤/60", "1e3/60"):
        with pytest.raises(ValueError, match="forms"):
            Policy.read("forms", wrong)


def test_headers_are_those_of_the_draft() -> None:
    limiter = Limiter()
    verdicts = [limiter.ask(policy, HERE, now=1.0) for policy in (FOUR_A_MINUTE, Policy("day", 100, 86_400))]
    assert headers(verdicts) == [
        (b"ratelimit-policy", b'"forms";q=4;w=60, "day";q=100;w=86400'),
        (b"ratelimit", b'"forms";r=3;t=15, "day";r=99;t=864'),
    ]
