"""The ways a registration's status may go, and those it may not."""

from datetime import timedelta

import pytest

from services.registration.domain.refusals import NoSeatToConfirm, Refusal, RegistrationCancelled, RegistrationExpired
from services.registration.domain.registrations import Registration
from tests.unit.registration.domain.stage import NOW, registration

LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize("start", [registration("held"), registration("offered", number=4)])
def test_confirming_makes_the_seat_theirs_and_ends_its_deadline(start: Registration) -> None:
    seat = start.confirm(now=LATER)
    assert (seat.status, seat.expires_at, seat.version, seat.changed_at) == ("confirmed", None, 2, LATER)


def test_confirming_again_changes_nothing() -> None:
    seat = registration("held").confirm(now=NOW)
    assert seat.confirm(now=LATER) is seat


@pytest.mark.parametrize(
    ("start", "refusal"),
    [
        (registration("held", expires_at=NOW), RegistrationExpired),
        (registration("expired"), RegistrationExpired),
        (registration("cancelled"), RegistrationCancelled),
        (registration("waitlisted", number=1), NoSeatToConfirm),
    ],
)
def test_what_cannot_be_confirmed(start: Registration, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        start.confirm(now=NOW)


def test_cancelling_again_changes_nothing_and_keeps_who_did_it() -> None:
    gone = registration("confirmed").cancel(by="organiser", now=NOW)
    assert gone.cancel(by="attendee", now=LATER) is gone


def test_only_those_who_wait_are_offered_a_seat() -> None:
    with pytest.raises(ValueError, match="confirmed"):
        registration("confirmed").offer(until=LATER, now=NOW)


def test_only_what_is_due_expires() -> None:
    held = registration("held", expires_at=LATER)
    assert held.expire(now=NOW) is held
    assert held.expire(now=LATER).status == "expired"


def test_only_a_confirmed_seat_that_moves_is_news_for_a_calendar() -> None:
    held = registration("held")
    assert held.move("online", number=None, now=NOW).calendar_changes == 0
    there = registration("confirmed").move("online", number=None, now=NOW)
    assert there.calendar_changes == 1
    assert there.move("onsite", number=None, now=NOW).calendar_changes == 2
