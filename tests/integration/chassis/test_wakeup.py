"""The alarm clock between processes: it shortens the wait, is debounced, and is never needed."""

import asyncio

import asyncpg

from chassis.database import Database
from chassis.wakeup import Listener, Waker
from tests.fixtures.silent_path import silent_path
from tests.integration.chassis.conftest import eventually


async def test_a_listener_is_woken_long_before_its_poll(database: Database) -> None:
    loop = asyncio.get_running_loop()
    async with Listener(database.dsn, "bell", poll=10.0) as listener:
        started = loop.time()
        Waker(database, "bell").wake()
        await listener.wait()

    assert loop.time() - started < 5.0


async def test_a_thousand_calls_become_a_few_notifications(database: Database) -> None:
    heard: list[object] = []
    connection = await asyncpg.connect(database.dsn)
    await connection.add_listener("bell", lambda *_: heard.append(1))
    waker = Waker(database, "bell")
    for _ in range(1000):
        waker.wake()
    await eventually(lambda: _any(heard), "a notification came")
    waker.wake()
    await eventually(lambda: _more_than(heard, 1), "a later call is not swallowed")
    await connection.close()

    assert len(heard) <= 4


async def test_without_any_notification_the_poll_does(database: Database) -> None:
    async with Listener(database.dsn, "bell", poll=0.05) as listener:
        await asyncio.wait_for(listener.wait(), 5)


async def test_a_listener_whose_database_fell_silent_polls_and_can_be_left(database: Database) -> None:
    async with (
        asyncio.timeout(15),
        silent_path(database.dsn) as path,
        Listener(path.url, "bell", poll=0.05) as listener,
    ):
        path.fall_silent()
        await listener.wait()


async def test_a_poke_wakes_from_inside_the_process(database: Database) -> None:
    async with Listener(database.dsn, "bell", poll=10.0) as listener:
        asyncio.get_running_loop().call_soon(listener.poke)
        await asyncio.wait_for(listener.wait(), 5)


async def test_a_call_between_two_waits_is_kept(database: Database) -> None:
    async with Listener(database.dsn, "bell", poll=10.0) as listener:
        listener.poke()
        await asyncio.wait_for(listener.wait(), 5)


async def test_a_listener_that_lost_its_connection_polls_and_listens_again(database: Database) -> None:
    async with Listener(database.dsn, "bell", poll=0.05) as listener, database.connection() as connection:
        await connection.fetch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        await eventually(lambda: _lost(listener), "the connection is gone")
        await asyncio.wait_for(listener.wait(), 5)
        Waker(database, "bell").wake()
        await asyncio.wait_for(listener._woken.wait(), 5)


async def test_nobody_listening_is_no_error(database: Database) -> None:
    waker = Waker(database, "bell")
    waker.wake()
    assert waker._task is not None
    await waker._task


async def _any(heard: list[object]) -> bool:
    return bool(heard)


async def _more_than(heard: list[object], count: int) -> bool:
    return len(heard) > count


async def _lost(listener: Listener) -> bool:
    return listener._connection is not None and listener._connection.is_closed()
