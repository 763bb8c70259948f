"""The embedded servers really start, survive what the fault tests do to them, and the shared fixtures keep tests apart."""

import asyncio
import signal
from pathlib import Path

import asyncpg
import nats
import pytest

from contracts.subjects import Topology
from local.nats import EmbeddedNats
from local.ports import free_port, is_free
from local.postgres import EmbeddedPostgres
from local.server import ServerDidNotStartError
from tests.fixtures.servers import NatsServer, PostgresServer


async def test_postgres_keeps_committed_rows_over_an_immediate_stop(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", port=free_port())
    await server.start()
    try:
        connection = await asyncpg.connect(server.dsn)
        assert connection.get_server_version().major == 18
        await connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
        await server.stop(mode="immediate")
        assert is_free(server.port)
        await server.start()
        again = await asyncpg.connect(server.dsn)
        assert await again.fetchval("SELECT n FROM kept") == 1
        await again.close()
    finally:
        await server.stop()


async def test_postgres_asks_for_its_password_and_keeps_it_from_others(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", port=free_port())
    await server.start()
    try:
        assert (tmp_path / "postgres" / "password").stat().st_mode & 0o777 == 0o600
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(server.dsn, password="another")
    finally:
        await server.stop()


async def test_postgres_writes_no_personal_data_into_its_log(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", port=free_port())
    await server.start()
    try:
        connection = await asyncpg.connect(server.dsn)
        await connection.execute("CREATE TABLE people (email text UNIQUE)")
        await connection.execute("INSERT INTO people VALUES ($1)", "ada@example.org")
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("INSERT INTO people VALUES ($1)", "ada@example.org")
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("INSERT INTO people VALUES ('ada@example.org')")
        await connection.close()
    finally:
        await server.stop()
    assert "duplicate key" in server.log.read_text()
    assert "ada@" not in server.log.read_text()


async def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", port=free_port())
    await server.start()
    rival = EmbeddedPostgres(tmp_path / "rival", port=server.port)
    try:
        with pytest.raises(ServerDidNotStartError, match="Address already in use"):
            await rival.start()
    finally:
        await server.stop()


async def test_nats_keeps_its_streams_over_a_kill_and_loses_them_with_its_disk(tmp_path: Path) -> None:
    server = EmbeddedNats(tmp_path / "nats", port=free_port(), monitoring_port=free_port(), guests=True)
    await server.start()
    try:
        await _add_stream(server.url, "KEPT")
        await server.stop(signal_first=signal.SIGKILL)
        await server.start()
        assert await _streams(server.url) == ["KEPT"]
        await server.stop()
        server.wipe()
        await server.start()
        assert await _streams(server.url) == []
    finally:
        await server.stop()


async def test_every_test_has_a_database_and_a_prefix_of_its_own(
    postgres_server: PostgresServer, nats_server: NatsServer, database_url: str, topology: Topology
) -> None:
    other = await postgres_server.create_database()
    assert other != database_url
    await postgres_server.drop_database(other)
    connection = await nats.connect(nats_server.url)
    await connection.jetstream().add_stream(name=topology.events_stream, subjects=[topology.all_events])
    await connection.close()


async def _add_stream(url: str, name: str) -> None:
    connection = await nats.connect(url)
    await connection.jetstream().add_stream(name=name, subjects=[f"{name}.>"])
    await connection.close()


async def _streams(url: str) -> list[str | None]:
    async with asyncio.timeout(10):
        connection = await nats.connect(url)
        streams = await connection.jetstream().streams_info()
        await connection.close()
    return [stream.config.name for stream in streams]
