"""Decoys in the ledger of a room."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.decoys import Moving, expire, moving, offer, without
from tests.unit.registration.domain.stage import ledger, registration


def test_a_decoy_goes_with_who_was_offered_a_seat_behind_it() -> None:
    full = replace(ledger(capacity=3, taken=3, waiting=4), decoys_waiting=2)
    assert moving(full, []) is None
    assert moving(full, [registration("offered", number=5), registration("offered", number=7)]) == Moving(7, 0)


def test_a_seat_nobody_waits_for_is_offered_to_decoys_unless_it_seems_taken_already() -> None:
    free = replace(ledger(capacity=3, taken=1), decoys_waiting=4)
    assert moving(free, []) == Moving(0, 2)
    assert moving(replace(free, decoys_held=1), []) == Moving(0, 1)
    assert moving(replace(free, decoys_held=5), []) is None


def test_where_no_decoy_waits_nothing_is_asked() -> None:
    assert moving(ledger(capacity=3, taken=1), [registration("offered", number=5)]) is None


def test_an_offer_moves_a_decoy_from_the_line_to_a_seat_and_expiring_lets_it_go() -> None:
    before = replace(ledger(capacity=3, taken=3, waiting=1), decoys_waiting=2)
    offered = offer(before, 2)
    assert (offered.announced_waiting, offered.decoys_held) == (1, 2)
    assert expire(offered, 2) == without(before)


@given(
    taken=st.integers(0, 5),
    waiting=st.integers(0, 3),
    held=st.integers(0, 9),
    line=st.integers(0, 3),
    more=st.integers(0, 50),
)
def test_what_is_shown_is_never_more_than_the_truth_nor_less_than_nothing(
    taken: int, waiting: int, held: int, line: int, more: int
) -> None:
    true = ledger(capacity=5, overbooking_percent=more, taken=taken, waiting=waiting)
    shown = replace(true, decoys_held=held, decoys_waiting=line)
    assert 0 <= shown.announced <= true.announced
    assert shown.announced_waiting >= true.announced_waiting
    assert shown.free == true.free
