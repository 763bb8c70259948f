"""The inbox: an event is seen once by each consumer, and only if what it set off was committed."""

import asyncio
from uuid import UUID, uuid4

import pytest

from chassis.database import Database
from chassis.inbox import first_seen
from tests.fixtures.locks import until_somebody_waits


async def _see(database: Database, ids: list[UUID], *, consumer: str = "mailer") -> set[UUID]:
    async with database.transaction() as connection:
        return await first_seen(connection, consumer=consumer, event_ids=ids)


async def test_an_event_is_seen_for_the_first_time_once(database: Database) -> None:
    first, second, third = uuid4(), uuid4(), uuid4()

    assert await _see(database, [first, second]) == {first, second}
    assert await _see(database, [second, third]) == {third}


async def test_an_event_twice_in_one_batch_is_one(database: Database) -> None:
    event = uuid4()

    assert await _see(database, [event, event]) == {event}


async def test_each_consumer_has_an_inbox_of_its_own(database: Database) -> None:
    event = uuid4()

    assert await _see(database, [event], consumer="mailer") == {event}
    assert await _see(database, [event], consumer="webhooks") == {event}


async def test_what_failed_was_never_received(database: Database) -> None:
    event = uuid4()

    async def fails() -> None:
        async with database.transaction() as connection:
            assert await first_seen(connection, consumer="mailer", event_ids=[event]) == {event}
            raise KeyError

    with pytest.raises(KeyError):
        await fails()

    assert await _see(database, [event]) == {event}


async def test_no_event_is_no_work(database: Database) -> None:
    assert await _see(database, []) == set()


async def test_two_workers_with_the_same_batch_share_it_and_never_wait_for_each_other_for_ever(
    database: Database,
) -> None:
    events = [uuid4() for _ in range(200)]

    seen = await asyncio.gather(*(_see(database, events if n % 2 else events[::-1]) for n in range(8)))

    assert sorted(event for one in seen for event in one) == sorted(events)


async def test_a_worker_that_waited_for_a_rollback_takes_the_event_over(database: Database) -> None:
    event, marked = uuid4(), asyncio.Event()

    async def fails() -> None:
        async with database.transaction() as connection:
            await first_seen(connection, consumer="mailer", event_ids=[event])
            marked.set()
            await until_somebody_waits(database)
            raise KeyError

    failing = asyncio.create_task(fails())
    await marked.wait()
    taken_over = await _see(database, [event])
    with pytest.raises(KeyError):
        await failing

    assert taken_over == {event}
