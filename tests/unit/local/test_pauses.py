"""Pauses between restarts grow, stay bounded, and are never quite the same."""

from local.supervisor import FIRST_PAUSE, LONGEST_PAUSE, Pauses


def test_pauses_double_up_to_the_longest_with_jitter() -> None:
    pauses = Pauses()
    taken = [pauses.next() for _ in range(12)]
    assert FIRST_PAUSE * 0.8 <= taken[0] <= FIRST_PAUSE * 1.2
    assert LONGEST_PAUSE * 0.8 <= taken[-1] <= LONGEST_PAUSE * 1.2
    assert len(set(taken)) == len(taken)
