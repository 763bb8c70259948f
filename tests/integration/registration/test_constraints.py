"""The database refuses impossible states by itself, whatever a program gets wrong."""

import asyncpg
import pytest

from services.registration.admission import Admission
from tests.integration.registration.conftest import House, application_of


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE rooms SET seats_taken = 4", "seats_never_oversold"),
        ("UPDATE rooms SET seats_taken = -1", "seats_never_oversold"),
        ("UPDATE rooms SET waiting_count = 5", "waiting_numbers_grow"),
        ("UPDATE meetups SET status = 'draft'", "a_draft_has_no_events"),
        ("UPDATE meetups SET ends_at = starts_at", "it_begins_before_it_ends"),
        ("UPDATE meetups SET closes_at = ends_at", "it_begins_before_it_ends"),
        ("UPDATE registrations SET expires_at = NULL WHERE status = 'held'", "status_is_possible"),
        ("UPDATE registrations SET status = 'offered' WHERE status = 'held'", "status_is_possible"),
        ("UPDATE registrations SET mode = 'online'", "registrations_room"),
        ("DELETE FROM rooms", "registrations_room"),
        ("UPDATE registrations SET approval = 'pending'", "pending_waits"),
        ("UPDATE registrations SET status = 'lost'", "status_is_possible"),
        ("UPDATE registrations SET status = 'cancelled', expires_at = NULL", "cancelled_by_somebody"),
        ("UPDATE registrations SET attended = true, attended_at = now()", "attended_with_a_seat"),
        ("UPDATE registrations SET waiting_number = 1 WHERE status = 'waitlisted'", "registrations_waiting_list"),
        (
            "UPDATE registrations SET person_id = (SELECT person_id FROM registrations ORDER BY id LIMIT 1)",
            "registrations_one_active",
        ),
        ("UPDATE access_tokens SET token_hash = 'plain'", "access_tokens_token_hash_check"),
    ],
)
async def test_an_impossible_state_is_refused(
    house: House, admission: Admission, statement: str, constraint: str
) -> None:
    meetup_id = (await house.meetup(capacity=3)).meetup.id
    outcomes = [await admission.ask(application_of(meetup_id, person)) for person in range(5)]
    await house.token(outcomes[0].receipt.reference)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await house.rows(statement)
    assert refused.value.constraint_name == constraint
    assert await house.balance(meetup_id) == (3, 2)
