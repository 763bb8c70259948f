"""What time does by itself."""

import asyncio
from datetime import datetime, timedelta

from services.registration import meetups
from services.registration.admission import Admission
from services.registration.editing import When
from services.registration.sweeping import expire_due, oversold, purge
from tests.integration.registration.conftest import ADMIN, STARTS, House, application_of


async def test_holds_that_ran_out_go_and_their_seats_are_offered_in_order(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup(capacity=2)).meetup.id
    for person in range(5):
        await admission.ask(application_of(meetup_id, person))
    assert await expire_due(house.work) == 0
    house.clock.advance(timedelta(hours=48))
    assert await expire_due(house.work) == 2
    assert await house.statuses() == ["expired", "expired", "offered", "offered", "waitlisted"]
    house.clock.advance(timedelta(hours=48))  # made on a Saturday, they end on Monday at noon
    assert await expire_due(house.work) == 2
    assert await house.statuses() == ["expired"] * 4 + ["offered"]
    assert await house.balance(meetup_id) == (1, 0)
    told = [fact for fact in await house.facts() if fact in {"registration.expired", "registration.offered"}]
    assert (told.count("registration.expired"), told.count("registration.offered")) == (4, 3)


async def test_several_workers_at_once_let_each_hold_go_once(house: House, admission: Admission) -> None:
    meetups = [(await house.meetup(capacity=5)).meetup.id for _ in range(4)]
    for person in range(24):
        await admission.ask(application_of(meetups[person % 4], person))
    house.clock.advance(timedelta(hours=48))
    gone = await asyncio.gather(*(expire_due(house.work, limit=7) for _ in range(6)))
    while await expire_due(house.work, limit=7):
        pass
    facts = await house.facts()
    assert facts.count("registration.expired") == 20
    assert facts.count("registration.offered") == 4
    assert sum(gone) <= 20
    assert [await house.balance(meetup_id) for meetup_id in meetups] == [(1, 0)] * 4


async def test_a_meetup_whose_counters_lie_keeps_no_seat_of_the_others(house: House, admission: Admission) -> None:
    lying, sound = [(await house.meetup(capacity=1)).meetup.id for _ in range(2)]
    for person, meetup_id in enumerate((lying, sound, sound)):
        await admission.ask(application_of(meetup_id, person))
    await house.rows("UPDATE rooms SET seats_taken = 0 WHERE meetup_id = $1", lying)
    house.clock.advance(timedelta(hours=48))
    assert await expire_due(house.work) == 1
    found = await house.rows("SELECT meetup_id, status FROM registrations ORDER BY id")
    assert [(row["meetup_id"], row["status"]) for row in found] == [
        (lying, "held"),
        (sound, "expired"),
        (sound, "offered"),
    ]


async def test_nothing_is_offered_once_it_has_begun(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup(capacity=1)).meetup.id
    for person in range(2):
        await admission.ask(application_of(meetup_id, person))
    house.clock.moment = STARTS
    assert await expire_due(house.work) == 1
    assert await house.statuses() == ["expired", "waitlisted"]


async def test_a_hold_ends_when_a_meetup_moved_earlier_begins(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await admission.ask(application_of(meetup_id, 1))
    tomorrow = datetime(2027, 3, 19, 18)  # noqa: DTZ001 - a wall time has no offset
    when = When(starts_local=tomorrow, ends_local=tomorrow + timedelta(hours=2))
    moved = await meetups.reschedule(house.work, meetup_id, when, place=None, by=ADMIN)
    house.clock.moment = moved.meetup.occasion.starts_at - timedelta(seconds=1)
    assert await expire_due(house.work) == 0
    house.clock.advance(timedelta(seconds=1))
    assert await expire_due(house.work) == 1
    assert await house.balance(meetup_id) == (0, 0)


async def test_keys_are_kept_a_day_and_links_until_they_end(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    outcome = await admission.ask(application_of(meetup_id, 1))
    await house.token(outcome.receipt.reference)
    house.clock.advance(timedelta(hours=24))
    assert await purge(house.work) == 0
    house.clock.advance(timedelta(seconds=1))
    assert await purge(house.work) == 1
    house.clock.moment = STARTS + timedelta(days=31)
    assert await purge(house.work) == 1


async def test_a_counter_that_lies_is_noticed(house: House, admission: Admission) -> None:
    meetup_id = (await house.meetup()).meetup.id
    await admission.ask(application_of(meetup_id, 1))
    assert await oversold(house.work) == 0
    await house.rows("UPDATE rooms SET seats_taken = 0")
    assert await oversold(house.work) == 1
