"""The ledger's own rules, one by one; `test_seats_in_any_order` puts them together."""

from datetime import timedelta

import pytest

from services.registration.domain.ledgers import Ledger, resize, seats_allowed
from services.registration.domain.refusals import CapacityBelowTaken, MeetupOver, RegistrationExpired
from services.registration.domain.registrations import Registration
from services.registration.domain.seats import cancel, confirm, expire, promote
from tests.unit.registration.domain.stage import DEADLINES, NOW, STARTS, ledger, registration

SECOND = timedelta(seconds=1)
AFTER = STARTS + SECOND


def test_overbooking_is_rounded_down() -> None:
    assert seats_allowed(capacity=120, overbooking_percent=15) == 138
    assert seats_allowed(capacity=7, overbooking_percent=10) == 7


def test_a_cancelled_seat_goes_back_once() -> None:
    seats, gone = cancel(ledger(taken=2), registration(), by="attendee", now=NOW)
    assert (seats.taken, gone.status, gone.cancelled_by) == (1, "cancelled", "attendee")
    assert cancel(seats, gone, by="attendee", now=NOW) == (seats, gone)


def test_a_cancelled_waiting_place_frees_no_seat() -> None:
    seats, _ = cancel(ledger(taken=3, waiting=1), registration("waitlisted", number=1), by="attendee", now=NOW)
    assert (seats.taken, seats.waiting) == (3, 0)


def test_an_expired_seat_cannot_be_cancelled_as_well() -> None:
    seats, [gone] = expire(ledger(taken=1), [registration(expires_at=NOW)], now=NOW)
    with pytest.raises(RegistrationExpired):
        cancel(seats, gone, by="attendee", now=NOW)


def test_once_it_has_begun_a_seat_is_not_given_back_by_its_attendee() -> None:
    with pytest.raises(MeetupOver):
        cancel(ledger(taken=1), registration("confirmed"), by="attendee", now=STARTS)


@pytest.mark.parametrize("seat", [registration(expires_at=AFTER), registration("offered", number=1, expires_at=AFTER)])
def test_once_it_has_begun_nothing_is_confirmed_however_long_the_hold(seat: Registration) -> None:
    assert confirm(ledger(taken=1), seat, now=STARTS - SECOND).status == "confirmed"
    with pytest.raises(RegistrationExpired):
        confirm(ledger(taken=1), seat, now=STARTS)


def test_what_was_confirmed_before_it_began_stays_confirmed() -> None:
    seat = registration("confirmed")
    assert confirm(ledger(taken=1), seat, now=STARTS) is seat


def test_expiring_takes_only_what_is_due() -> None:
    due, not_due = registration(expires_at=NOW), registration(expires_at=NOW + timedelta(seconds=1))
    seats, gone = expire(ledger(taken=3), [due, not_due, registration("confirmed")], now=NOW)
    assert [r.status for r in gone] == ["expired"]
    assert seats.taken == 2


def test_a_released_seat_goes_to_the_first_in_line_for_24_hours() -> None:
    first, second = registration("waitlisted", number=1), registration("waitlisted", number=2)
    seats, [offered] = promote(ledger(taken=2, waiting=2), [first, second], deadlines=DEADLINES, now=NOW)
    assert (seats.taken, seats.waiting) == (3, 1)
    assert offered.waiting_number == 1
    assert (offered.status, offered.expires_at, offered.version) == ("offered", NOW + timedelta(hours=24), 2)


def test_an_offer_never_outlives_the_start() -> None:
    now = STARTS - timedelta(hours=2)
    _, [offered] = promote(ledger(waiting=1), [registration("waitlisted", number=1)], deadlines=DEADLINES, now=now)
    assert offered.expires_at == STARTS


@pytest.mark.parametrize("seats", [ledger(status="cancelled", waiting=1), ledger(taken=3, waiting=1)])
def test_nothing_is_offered_when_cancelled_or_full(seats: Ledger) -> None:
    line = [registration("waitlisted", number=1)]
    assert promote(seats, line, deadlines=DEADLINES, now=NOW) == (seats, [])


def test_a_seat_released_after_registration_closed_is_still_offered() -> None:
    closed = ledger(closes_at=NOW, taken=2, waiting=1)
    assert not closed.accepts(now=NOW)
    seats, offered = promote(closed, [registration("waitlisted", number=1)], deadlines=DEADLINES, now=NOW)
    assert (len(offered), seats.waiting) == (1, 0)


def test_nothing_is_offered_once_it_has_begun() -> None:
    line = [registration("waitlisted", number=1)]
    assert promote(ledger(waiting=1), line, deadlines=DEADLINES, now=STARTS) == (ledger(waiting=1), [])


def test_capacity_goes_no_lower_than_what_is_taken() -> None:
    assert resize(ledger(capacity=5, taken=3), capacity=3, overbooking_percent=0).free == 0
    with pytest.raises(CapacityBelowTaken):
        resize(ledger(capacity=5, taken=3), capacity=2, overbooking_percent=0)
