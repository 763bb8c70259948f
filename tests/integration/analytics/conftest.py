"""The analytics service on real servers: a migrated database of the test's own, streams of the test's own."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import UUID

import httpx
import nats
import pytest
import pytest_asyncio
from nats.js import JetStreamContext
from pydantic import NatsDsn

from chassis.broker import event_broker
from chassis.clock import ManualClock
from chassis.consumer import EventConsumer
from chassis.database import Database
from chassis.migrations import migrate
from chassis.provisioning import provision
from contracts.consumers import ANALYTICS
from contracts.envelope import Event, encode
from contracts.subjects import Topology
from services.analytics.app import application
from services.analytics.domain.batch import reduce
from services.analytics.projector import Projector
from services.analytics.settings import AnalyticsSettings
from services.analytics.store import LIVE, project
from tests.fixtures.reporting import NOW
from tests.fixtures.servers import NatsServer, PostgresServer

FIGURES = ("registrations", "held", "waiting", "offered", "confirmed", "cancelled", "expired", "attended")

Counts = Counter[tuple[UUID, str, str]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def template(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """Name of a migrated database to copy from."""
    dsn = await postgres_server.create_database()
    await migrate(dsn, package="services.analytics")
    yield dsn.rsplit("/", 1)[1]
    await postgres_server.drop_database(dsn)


@pytest.fixture
async def database(postgres_server: PostgresServer, template: str) -> AsyncIterator[Database]:
    """A migrated database of the test's own."""
    dsn = await postgres_server.create_database(template=template)
    database = await Database.connect(dsn, application="tests", max_size=6)
    yield database
    await database.close()
    await postgres_server.drop_database(dsn)


@pytest.fixture
async def js(nats_server: NatsServer, topology: Topology) -> AsyncIterator[JetStreamContext]:
    """A client of the run's broker, with the streams of this test provisioned."""
    client = await nats.connect(nats_server.url)
    await provision(client.jetstream(), topology)
    yield client.jetstream()
    await client.close()


@pytest.fixture
def clock() -> ManualClock:
    """Two weeks after the meetups that `reporting.meetup` makes."""
    return ManualClock(NOW)


@pytest.fixture
async def http(
    database: Database, js: JetStreamContext, nats_server: NatsServer, topology: Topology, clock: ManualClock
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of pages and API."""
    settings = AnalyticsSettings(
        nats_url=NatsDsn(nats_server.url), nats_prefix=topology.prefix, public_url="https://rencontres.example"
    )
    async with application(settings, dsn=database.dsn, clock=clock) as app:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client


@pytest.fixture
def projecting(
    nats_server: NatsServer, topology: Topology, database: Database
) -> Callable[[], AbstractAsyncContextManager[EventConsumer]]:
    """Runs the projector on the test's stream."""

    @asynccontextmanager
    async def run() -> AsyncIterator[EventConsumer]:
        broker = event_broker(nats_server.url, name="projector", on_closed=lambda: None)
        consumer = EventConsumer(Projector(database).consumer, broker=broker, topology=topology)
        await broker.connect()
        await provision(broker.connection.jetstream(), topology, ANALYTICS)
        await broker.start()
        try:
            yield consumer
        finally:
            await broker.stop()

    return run


async def publish(js: JetStreamContext, topology: Topology, events: Sequence[Event]) -> None:
    for event in events:
        message = encode(event, topology)
        await js.publish(message.subject, message.body, headers=message.headers)


async def apply(database: Database, events: Sequence[Event], *, batch: int = 7) -> None:
    for start in range(0, len(events), batch):
        await project(database, reduce(events[start : start + batch]), into=LIVE)


async def sums(database: Database, *, of: str = LIVE) -> Counts:
    """What the roll-ups say, in the shape of `reporting.recount`."""
    async with database.connection() as connection:
        rows = await connection.fetch(f"SELECT * FROM {of}.counts")
    counts: Counts = Counter()
    for row in rows:
        for figure in FIGURES:
            if row[figure]:
                counts[row["meetup_id"], row["headcount"], figure] = row[figure]
    return counts
