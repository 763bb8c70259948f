"""The notifications service on real servers: its migrated database, a sender to start and stop, a register that answers."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import nats
import pytest
from pydantic_core import Url

from chassis.clock import ManualClock
from chassis.database import Database
from chassis.migrations import migrate
from contracts.subjects import Topology
from local.mail_sink import MailSink
from services.notifications.settings import NotificationSettings
from tests.fixtures.notifying import NOW, Register
from tests.fixtures.post_office import PostOffice
from tests.fixtures.servers import NatsServer, PostgresServer


@pytest.fixture(scope="session")
def migrated_template(postgres_server: PostgresServer) -> Iterator[str]:
    """Name of a migrated, empty notifications database."""
    dsn = asyncio.run(_migrated(postgres_server))
    yield dsn.rpartition("/")[2]
    asyncio.run(postgres_server.drop_database(dsn))


@pytest.fixture
async def database(postgres_server: PostgresServer, migrated_template: str) -> AsyncIterator[Database]:
    """A migrated database of the test's own."""
    dsn = await postgres_server.create_database(template=migrated_template)
    database = await Database.connect(dsn, application="tests", max_size=6)
    yield database
    await database.close()
    await postgres_server.drop_database(dsn)


@pytest.fixture
def clock() -> ManualClock:
    """It is twelve past ten in UTC, past one in the afternoon in Mayotte."""
    return ManualClock(NOW)


@pytest.fixture
async def office(
    database: Database, nats_server: NatsServer, topology: Topology, mail_sink: MailSink, clock: ManualClock
) -> AsyncIterator[PostOffice]:
    """The service, not sending yet."""
    broker = await nats.connect(nats_server.url)
    settings = NotificationSettings(
        nats_prefix=topology.prefix, smtp_url=Url(mail_sink.url), public_url="https://rencontres.example"
    )
    yield PostOffice(database, broker, settings, clock, nats_server.url, Register())
    await broker.close()


async def _migrated(server: PostgresServer) -> str:
    dsn = await server.create_database()
    await migrate(dsn, package="services.notifications")
    return dsn
