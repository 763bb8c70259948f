"""The pool: transactions that commit or leave nothing, bounds on waiting, and JSON as objects."""

import asyncio

import asyncpg
import pytest

from chassis.database import AWAY, Database, connect_alone


async def _count(database: Database) -> int:
    async with database.connection() as connection:
        count: int = await connection.fetchval("SELECT count(*) FROM inbox")
        return count


_INSERT = "INSERT INTO inbox (consumer, event_id) VALUES ('x', gen_random_uuid())"


async def test_a_transaction_is_committed_at_its_end(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(_INSERT)

    assert await _count(database) == 1


async def test_any_exception_leaves_nothing_behind(database: Database) -> None:
    async def is_cancelled() -> None:
        async with database.transaction() as connection:
            await connection.execute(_INSERT)
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await is_cancelled()

    assert await _count(database) == 0


@pytest.mark.parametrize("server_is_busy", [True, False])
async def test_a_transaction_that_takes_too_long_is_ended_by_the_server_and_says_nothing_against_its_statements(
    database: Database, *, server_is_busy: bool
) -> None:
    async def stands_still() -> None:
        async with database.connection() as connection:
            await connection.execute("SET transaction_timeout = '50ms'")
            async with connection.transaction():
                await connection.execute(_INSERT)
                if server_is_busy:
                    await connection.execute("SELECT pg_sleep(5)")
                await asyncio.sleep(0.3)
                await connection.execute(_INSERT)

    with pytest.raises(AWAY):
        await stands_still()

    assert await _count(database) == 0


async def test_every_connection_has_the_bounds(database: Database) -> None:
    async with database.connection() as connection:
        bounds = [
            await connection.fetchval(f"SHOW {name}") for name in ("lock_timeout", "transaction_timeout", "timezone")
        ]

    assert bounds == ["10s", "30s", "UTC"]


async def test_the_server_soon_tells_that_whoever_held_a_connection_has_vanished(database: Database) -> None:
    alone = await connect_alone(database.dsn, application="relay")
    try:
        async with database.connection() as pooled, database.patient() as patient:
            for connection in (pooled, patient, alone):
                idle, interval, count, unsent = [
                    await connection.fetchval(f"SELECT setting::int FROM pg_settings WHERE name = 'tcp_{name}'")
                    for name in ("keepalives_idle", "keepalives_interval", "keepalives_count", "user_timeout")
                ]
                assert 0 < idle + interval * count <= 30
                assert 0 < unsent <= 30_000
    finally:
        await alone.close()


async def test_jsonb_comes_and_goes_as_objects(database: Database) -> None:
    value = {"é": [1, None, {"a": True}]}
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT $1::jsonb", value) == value


async def test_ping_answers_or_says_what_is_in_the_way(database: Database) -> None:
    await database.ping()
    await database.close()

    with pytest.raises(asyncpg.InterfaceError):
        await database.ping()


async def test_what_may_take_minutes_has_them(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.database.COMMAND_TIMEOUT", 0.2)
    monkeypatch.setattr("chassis.database.TRANSACTION_TIMEOUT_MS", 200)
    database = await Database.connect(database_url, application="test")
    slow = "SELECT current_setting('application_name') FROM pg_sleep(0.6)"
    with pytest.raises((TimeoutError, asyncpg.PostgresError)):
        async with database.connection() as connection:
            await connection.fetchval(slow)
    async with database.patient() as connection, connection.transaction():
        assert await connection.fetchval(slow) == "test"
    await database.close()
