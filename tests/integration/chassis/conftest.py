"""A database with the chassis's tables, the streams of one test, and a reader of what was published."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import nats
import pytest
from nats.js import JetStreamContext

from chassis.database import Connection, Database
from chassis.provisioning import provision
from contracts.subjects import Topology
from tests.fixtures.servers import NatsServer

SCHEMA = Path(__file__).parents[3] / "chassis" / "schema"
PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Published:
    """An event as it lies in the stream."""

    sequence: int
    id: UUID
    aggregate: UUID
    version: int


@pytest.fixture
async def chassis_dsn(database_url: str) -> str:
    """DSN of a database with outbox, event log and inbox."""
    await create_chassis_tables(database_url)
    return database_url


@pytest.fixture
async def database(chassis_dsn: str) -> AsyncIterator[Database]:
    database = await Database.connect(chassis_dsn, application="test")
    yield database
    await database.close()


@pytest.fixture
async def js(nats_server: NatsServer, topology: Topology) -> AsyncIterator[JetStreamContext]:
    """A client of the run's broker, with the streams of this test provisioned."""
    async with client(nats_server.url) as js:
        await provision(js, topology)
        yield js


@asynccontextmanager
async def client(url: str) -> AsyncIterator[JetStreamContext]:
    """A client that outlives outages, as the processes' own does."""
    connection = await nats.connect(url, max_reconnect_attempts=-1, reconnect_time_wait=0.05, error_cb=_say_nothing)
    try:
        yield connection.jetstream()
    finally:
        await connection.close()


async def create_chassis_tables(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for name in ("outbox", "inbox"):
            await connection.execute((SCHEMA / f"{name}.sql").read_text())
    finally:
        await connection.close()


async def read_stream(js: JetStreamContext, topology: Topology, *, until: int) -> list[Published]:
    """The events of the stream from its beginning, as soon as there are so many; fails when they do not come."""
    subscription = await js.subscribe(topology.all_events, ordered_consumer=True)
    found: list[Published] = []
    try:
        async with asyncio.timeout(PATIENCE):
            while len(found) < until:
                message = await subscription.next_msg(timeout=PATIENCE)
                headers, body = message.headers or {}, json.loads(message.data)
                found.append(
                    Published(
                        message.metadata.sequence.stream,
                        UUID(headers["ce-id"]),
                        UUID(headers["ce-subject"]),
                        body["version"],
                    )
                )
    except TimeoutError:
        raise AssertionError(f"{len(found)} of {until} events came") from None
    finally:
        await subscription.unsubscribe()
    return found


async def eventually(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for a state of a server that nobody announces."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not await holds():  # noqa: ASYNC110 (a server does not set our events)
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"it never came about that {what}") from None


async def outbox_rows(connection: Connection) -> int:
    rows: int = await connection.fetchval("SELECT count(*) FROM outbox")
    return rows


async def _say_nothing(error: Exception) -> None:
    """An outage is what some tests are about."""
