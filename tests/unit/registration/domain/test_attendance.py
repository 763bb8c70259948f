"""Scans at the door."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest

from contracts.registration import RegistrationStatus
from services.registration.domain.attendance import Scan, ScanKind, ScanResult, apply_scan
from services.registration.domain.registrations import Registration
from tests.unit.registration.domain.stage import NOW, registration

CONFIRMED = registration("confirmed")


def scan(kind: ScanKind = "in", *, minute: int = 0) -> Scan:
    return Scan(UUID(int=minute), CONFIRMED.reference, kind, NOW + timedelta(minutes=minute))


def apply(start: Registration, *scans: Scan) -> tuple[Registration, list[ScanResult]]:
    results, current = [], start
    for one in scans:
        after, result = apply_scan(current, one, now=NOW + timedelta(hours=2))
        assert after is not None
        current = after
        results.append(result)
    return current, results


def test_a_scan_at_the_door_checks_in_once() -> None:
    after, results = apply(CONFIRMED, scan(minute=1), scan(minute=2))
    assert results == ["checked_in", "already_in"]
    assert (after.attended, after.attended_at, after.version) == (True, NOW + timedelta(minutes=1), 2)


def test_a_check_in_can_be_taken_back() -> None:
    after, results = apply(CONFIRMED, scan(minute=1), scan("undo", minute=2), scan("undo", minute=3))
    assert results == ["checked_in", "undone", "not_in"]
    assert (after.attended, after.attended_at) == (False, None)


def test_the_order_in_which_scans_arrive_does_not_matter() -> None:
    scans = [scan(minute=1), scan("undo", minute=2), scan(minute=3), scan("undo", minute=4)]
    assert {apply(CONFIRMED, *order)[0].attended for order in permutations(scans)} == {False}


def test_a_clock_that_runs_ahead_cannot_bar_a_correction() -> None:
    ahead, _ = apply_scan(CONFIRMED, scan(minute=60 * 24 * 365), now=NOW)
    assert ahead is not None
    after, result = apply_scan(ahead, scan("undo", minute=5), now=NOW + timedelta(minutes=5))
    assert (after is not None and after.attended, result) == (False, "undone")


@pytest.mark.parametrize(
    ("status", "result"),
    [("held", "not_confirmed"), ("offered", "not_confirmed"), ("cancelled", "cancelled"), ("expired", "expired")],
)
def test_who_has_no_confirmed_seat_is_told_apart(status: RegistrationStatus, result: ScanResult) -> None:
    start = registration(status, number=1 if status == "offered" else None)
    assert apply_scan(start, scan(), now=NOW) == (start, result)


def test_a_code_of_nobody_is_unknown() -> None:
    assert apply_scan(None, scan(), now=NOW) == (None, "unknown")
