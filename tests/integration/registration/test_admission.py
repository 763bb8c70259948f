"""Admission on a real database: group commit, replays, and what a failing batch does to the others."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from chassis.problems import NotFound, Unavailable
from services.registration.admission import Admission
from services.registration.domain.refusals import KeyReused, RegistrationClosed
from services.registration.receipts import Outcome
from services.registration.store import queries
from tests.integration.registration.conftest import STARTS, House, application_of


async def test_two_processes_give_138_seats_to_200_people_and_places_in_arrival_order_to_the_rest(house: House) -> None:
    sheet = await house.meetup(capacity=120, overbooking=15)
    async with Admission(house.work, batch=16) as one, Admission(house.work, batch=16) as other:
        outcomes = await asyncio.gather(
            *((one, other)[person % 2].ask(application_of(sheet.meetup.id, person)) for person in range(200))
        )
    held = [o for o in outcomes if o.receipt.status == "held"]
    assert len(held) == 138
    assert sorted(o.receipt.position or 0 for o in outcomes if o.receipt.status == "waitlisted") == list(range(1, 63))
    assert await house.balance(sheet.meetup.id) == (138, 62)
    for first in (0, 1):
        mine = [o.receipt for o in outcomes[first::2]]
        waiting = [receipt.position for receipt in mine if receipt.position is not None]
        assert waiting == sorted(waiting), "each process keeps the order in which they came"
        assert [r.status for r in mine] == ["held"] * (len(mine) - len(waiting)) + ["waitlisted"] * len(waiting)
    facts = await house.facts()
    assert (facts.count("registration.held"), facts.count("registration.waitlisted")) == (138, 62)
    assert facts.count("meetup.filled") == 1


async def test_the_same_key_and_body_gets_the_first_answer_to_the_byte(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    first = await admission.ask(application_of(meetup_id, 1))
    again = await admission.ask(application_of(meetup_id, 1))
    assert (first.replayed, again.replayed) == (False, True)
    assert again.text == first.text
    assert again.receipt == first.receipt
    assert await house.statuses() == ["held"]


async def test_the_same_key_at_the_same_moment_is_one_registration(house: House) -> None:
    meetup_id = (await house.meetup()).meetup.id
    async with Admission(house.work) as one, Admission(house.work) as other:
        outcomes = await asyncio.gather(
            *(desk.ask(application_of(meetup_id, 1)) for desk in (one, other, one, other, one))
        )
    assert len({outcome.text for outcome in outcomes}) == 1
    assert sum(not outcome.replayed for outcome in outcomes) == 1
    assert await house.statuses() == ["held"]


async def test_a_key_with_another_body_is_refused_and_stores_nobody(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await admission.ask(application_of(meetup_id, 1, key="k"))
    with pytest.raises(KeyReused):
        await admission.ask(application_of(meetup_id, 2, key="k"))
    assert len(await house.rows("SELECT FROM people")) == 1


async def test_the_same_newcomer_at_two_meetups_at_once_is_one_person(house: House) -> None:
    ids = [(await house.meetup()).meetup.id for _ in range(4)]
    async with Admission(house.work) as one, Admission(house.work) as other:
        await asyncio.gather(
            *((one, other)[n % 2].ask(application_of(meetup_id, 1)) for n, meetup_id in enumerate(ids))
        )
    assert len(await house.rows("SELECT FROM people")) == 1
    assert len(await house.rows("SELECT DISTINCT person_id FROM registrations")) == 1


async def test_a_newcomer_somebody_else_brought_first_fails_without_naming_the_address(
    house: House, admission: Admission
) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await admission.ask(application_of(meetup_id, 1))
    async with house.work.database.connection() as connection:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
            await queries.record_admissions.execute(
                connection,
                house.clock.now(),
                *[[uuid4()], ["person1@firm.example"], ["person1@firm.example"]],
                *[[uuid4()], ["R-00000-00000"], [meetup_id], ["onsite"], [uuid4()], ["held"], ["1-9"], ["fr"]],
                *[[None], [STARTS], *[[None]] * 6],
                *[["Zainaba Madi"], *[[None]] * 5, ["another"], [b""], ["{}"], [None]],
                *[[]] * 9,
                *[[meetup_id], ["onsite"], [2], [0], [1], [0], [0]],
            )
    assert refused.value.detail
    assert "person1" not in str(refused.value.as_dict())
    assert await house.balance(meetup_id) == (1, 0)


async def test_nothing_is_stored_for_a_meetup_that_is_unknown_a_draft_or_closed(
    house: House, admission: Admission
) -> None:
    draft, open_ = await house.meetup(published=False), await house.meetup()
    with pytest.raises(NotFound):
        await admission.ask(application_of(uuid4(), 1))
    with pytest.raises(NotFound):
        await admission.ask(application_of(draft.meetup.id, 1))
    house.clock.moment = STARTS
    with pytest.raises(RegistrationClosed):
        await admission.ask(application_of(open_.meetup.id, 1))
    assert not await house.rows(
        "SELECT FROM people UNION ALL SELECT FROM registrations UNION ALL SELECT FROM idempotency_keys"
    )


async def test_one_that_cannot_be_stored_does_not_take_the_others_with_it(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup(capacity=20)).meetup.id
    asked = [application_of(meetup_id, person, name="NUL \0" if person == 7 else "Ali") for person in range(16)]
    outcomes = await asyncio.gather(*(admission.ask(one) for one in asked), return_exceptions=True)
    assert [n for n, outcome in enumerate(outcomes) if not isinstance(outcome, Outcome)] == [7]
    assert await house.balance(meetup_id) == (15, 0)


async def test_whoever_leaves_while_waiting_is_registered_all_the_same(house: House) -> None:
    meetup_id = (await house.meetup()).meetup.id
    async with Admission(house.work) as desk:
        waiting = asyncio.create_task(desk.ask(application_of(meetup_id, 1)))
        await asyncio.sleep(0)
        waiting.cancel()
    assert await house.statuses() == ["held"]


async def test_closing_serves_those_who_wait_and_takes_nobody_else(house: House) -> None:
    meetup_id = (await house.meetup(capacity=50)).meetup.id
    async with Admission(house.work, batch=4) as desk:
        waiting = [asyncio.create_task(desk.ask(application_of(meetup_id, person))) for person in range(30)]
        await asyncio.sleep(0)
    assert all(task.done() and task.result().receipt.status == "held" for task in waiting)
    with pytest.raises(Unavailable):
        await desk.ask(application_of(meetup_id, 31))


async def test_a_full_queue_asks_to_come_back(house: House) -> None:
    meetup_id = (await house.meetup(capacity=50)).meetup.id
    async with Admission(house.work, queue=5) as desk:
        outcomes = await asyncio.gather(
            *(desk.ask(application_of(meetup_id, person)) for person in range(9)), return_exceptions=True
        )
    refused = [outcome for outcome in outcomes if isinstance(outcome, Unavailable)]
    assert len(refused) == 4
    assert refused[0].headers["Retry-After"] == "1"


async def test_a_lost_connection_is_tried_again_without_registering_twice(house: House) -> None:
    meetup_id = (await house.meetup(capacity=200)).meetup.id
    # People are told to come back after five seconds, which on a busy machine is what one new connection may take.
    async with Admission(house.work, batch=8, patience=60) as desk:
        asked = [asyncio.create_task(desk.ask(application_of(meetup_id, person))) for person in range(100)]
        for batch in (8, 40, 72):
            await asked[batch]
            await house.rows(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()"""
            )
        outcomes = await asyncio.gather(*asked)
    assert not any(outcome.replayed for outcome in outcomes)
    assert await house.balance(meetup_id) == (100, 0)
