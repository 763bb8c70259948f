"""Proof of work and wait: what passes, what does not, and that nothing passes twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.defences.challenge import (
    LASTS,
    LASTS_WAITING,
    WAIT,
    Challenger,
    Outcome,
    solve,
    zero_bits,
)

HERE, NOW = b"\xcb\x00\x71\x09", 1_800_000_000.5
FORM = "/rencontres/mamoudzou-2027-02"


def test_work_that_was_done_passes_once() -> None:
    challenger = Challenger(bits=8)
    asked = challenger.ask(FORM, HERE, now=NOW)
    answer = solve(asked.text, 8)
    assert challenger.check_work(asked.text, answer, FORM, now=NOW + 3) is Outcome.PASSED
    assert challenger.check_work(asked.text, answer, FORM, now=NOW + 4) is Outcome.WRONG
    more = next(str(n) for n in range(int(answer) + 1, 10**6) if zero_bits(f"{asked.text}:{n}") >= 8)
    assert (
        challenger.check_work(asked.text, more, FORM, now=NOW + 5) is Outcome.WRONG
    )  # it is the challenge that is used up


def test_work_for_another_address_too_late_too_little_or_by_another_process_does_not_pass() -> None:
    challenger = Challenger(bits=8)
    asked = challenger.ask(FORM, HERE, now=NOW)
    answer = solve(asked.text, 8)
    lazy = next(str(n) for n in range(10**6) if zero_bits(f"{asked.text}:{n}") < 8)
    for text, sent, place, now in (
        (asked.text, answer, "/mes-inscriptions", NOW),
        (asked.text, answer, FORM, NOW + LASTS + 1),
        (asked.text, answer, FORM, NOW - 60),
        (asked.text, lazy, FORM, NOW),
        (asked.text, "", FORM, NOW),
        (asked.text, "0" * 33, FORM, NOW),
    ):
        assert challenger.check_work(text, sent, place, now=now) is Outcome.WRONG
    assert Challenger(bits=8).check_work(asked.text, answer, FORM, now=NOW) is Outcome.WRONG


def test_replicas_with_one_key_check_what_the_other_asked() -> None:
    one, other = Challenger(bits=8, key=b"k" * 32), Challenger(bits=8, key=b"k" * 32)
    asked = one.ask(FORM, HERE, now=NOW)
    assert other.check_work(asked.text, solve(asked.text, 8), FORM, now=NOW) is Outcome.PASSED


@pytest.mark.parametrize("part", range(5))
def test_a_challenge_made_easier_or_younger_is_no_longer_signed(part: int) -> None:
    challenger = Challenger(bits=12)
    parts = challenger.ask(FORM, HERE, now=NOW).text.split(".")
    parts[part] = {0: "p", 1: f"{int(NOW) + 600:x}", 2: "1", 3: "salt", 4: "0" * 32}[part]
    text = ".".join(parts)
    assert challenger.check_work(text, solve(text, 1), FORM, now=NOW) is Outcome.WRONG


def test_whoever_waited_passes_once_from_the_same_network() -> None:
    challenger = Challenger(bits=8)
    wait = challenger.ask(FORM, HERE, now=NOW).wait
    assert challenger.check_wait(wait, FORM, HERE, now=NOW + WAIT - 5) is Outcome.TOO_EARLY
    assert challenger.left_to_wait(wait, now=NOW + WAIT - 5) == 5
    assert challenger.check_wait(wait, FORM, b"elsewhere", now=NOW + WAIT) is Outcome.WRONG
    assert challenger.check_wait(wait, "/mes-inscriptions", HERE, now=NOW + WAIT) is Outcome.WRONG
    assert challenger.check_wait(wait, FORM, HERE, now=NOW + LASTS_WAITING + 1) is Outcome.WRONG
    assert challenger.check_wait(wait, FORM, HERE, now=NOW + WAIT) is Outcome.PASSED
    assert challenger.check_wait(wait, FORM, HERE, now=NOW + WAIT) is Outcome.WRONG


def test_a_wait_is_no_challenge_and_a_challenge_no_wait() -> None:
    challenger = Challenger(bits=8)
    asked = challenger.ask(FORM, HERE, now=NOW)
    assert challenger.check_work(asked.wait, solve(asked.wait, 8), FORM, now=NOW) is Outcome.WRONG
    assert challenger.check_wait(asked.text, FORM, HERE, now=NOW + WAIT) is Outcome.WRONG


@given(text=st.text(max_size=120), answer=st.text(max_size=40), place=st.text(max_size=40))
def test_rubbish_is_wrong_and_never_an_error(text: str, answer: str, place: str) -> None:
    challenger = Challenger(bits=8)
    assert challenger.check_work(text, answer, place, now=NOW) is Outcome.WRONG
    assert challenger.check_wait(text, place, HERE, now=NOW) is Outcome.WRONG


def test_zero_bits_are_those_of_sha_256() -> None:
    assert zero_bits("abc") == 0  # ba7816bf…
    assert zero_bits("a") == 0  # ca97…
    assert solve("challenge", 10) == str(next(n for n in range(10**6) if zero_bits(f"challenge:{n}") >= 10))
