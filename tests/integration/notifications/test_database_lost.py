"""The database crashes under a sender: what was accepted is recorded once it is back, and nothing is sent twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import nats
import pytest
from pydantic_core import Url

from chassis.clock import ManualClock
from chassis.database import Database
from chassis.migrations import migrate
from contracts.subjects import Topology
from local.mail_sink import MailSink
from local.ports import free_port
from local.postgres import EmbeddedPostgres
from services.notifications.settings import NotificationSettings
from tests.fixtures.notifying import Register, event, registration
from tests.fixtures.post_office import PostOffice
from tests.fixtures.servers import NatsServer

PEOPLE = [f"person{number}" for number in range(60)]


@pytest.fixture
async def postgres(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server of the test's own: it is going to be crashed."""
    server = EmbeddedPostgres(tmp_path / "postgres", port=free_port())
    await server.start()
    yield server
    await server.stop()


async def test_a_crash_of_the_database_doubles_nothing(
    postgres: EmbeddedPostgres, nats_server: NatsServer, topology: Topology, mail_sink: MailSink, clock: ManualClock
) -> None:
    dsn = postgres.dsn_of("rencontres_notifications")
    await migrate(dsn, package="services.notifications")
    database = await Database.connect(dsn, application="tests")
    broker = await nats.connect(nats_server.url)
    settings = NotificationSettings(
        nats_prefix=topology.prefix, smtp_url=Url(mail_sink.url), public_url="https://rencontres.example"
    )
    office = PostOffice(database, broker, settings, clock, nats_server.url, Register())
    await office.prepare(*PEOPLE)
    await office.tell(*(event(registration(who, "held")) for who in PEOPLE))
    async with office.open():
        await mail_sink.wait_for_count(20)
        await postgres.stop(mode="immediate")
        await postgres.start()
        await mail_sink.wait_for_count(len(PEOPLE), seconds=30)
    assert mail_sink.duplicates() == {}
    assert {status for _, status, _ in await office.statuses()} == {"sent"}
    await broker.close()
    await database.close()
