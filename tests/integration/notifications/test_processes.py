"""The two processes of the service as they are run: events off the broker, mail to the server, one trace, nobody's name left behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta

import pytest
from pydantic import NatsDsn

from chassis.database import Database
from chassis.process import Process
from chassis.provisioning import provision
from chassis.sql import Query
from chassis.telemetry import REFERENCE
from contracts.consumers import NOTIFICATIONS
from contracts.envelope import Event, encode
from local.mail_sink import MailSink
from services.notifications.app.sender import run_sender
from services.notifications.app.worker import run_worker
from services.notifications.queries import QUERIES
from services.notifications.settings import NotificationSettings
from tests.fixtures.notifying import CO, LEAD, TRACE, address, answering, event, meetup, organisation, registration
from tests.fixtures.post_office import PostOffice
from tests.fixtures.telemetry import Spans


async def test_an_event_on_the_broker_becomes_a_mail(office: PostOffice, mail_sink: MailSink) -> None:
    office.register.know("zaina")
    async with _running(office):
        await _publish(
            office, event(meetup()), event(organisation(LEAD)), event(organisation(CO)), event(registration("zaina"))
        )
        mail = await mail_sink.wait_for(lambda mail: address("zaina") in mail.recipients, seconds=20)
    assert mail.subject.startswith("Confirmez")


async def test_the_worker_reminds(office: PostOffice, mail_sink: MailSink) -> None:
    office.register.know("zaina")
    # Twenty hours ahead: midnight of the day before has been, at any time of day, and it is not too late.
    now = datetime.now(UTC).replace(microsecond=0)
    starts, long_ago = now + timedelta(hours=20), now - timedelta(days=9)
    soon = meetup(
        timezone="Africa/Abidjan",
        starts_local=starts.replace(tzinfo=None),
        ends_local=starts.replace(tzinfo=None) + timedelta(hours=1),
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        changed_at=long_ago,
    )
    async with _running(office, reminder_hour=time(0)):
        await _publish(office, event(soon), event(registration("zaina", "confirmed", at=long_ago)))
        mail = await mail_sink.wait_for(lambda mail: mail.subject.startswith("Rappel"), seconds=30)
    assert mail.recipients == (address("zaina"),)


async def test_a_mail_is_in_the_trace_of_its_event_and_the_trace_names_nobody(
    office: PostOffice, mail_sink: MailSink, spans: Spans
) -> None:
    await office.prepare("zaina")
    async with office.open():
        await office.tell(event(registration("zaina", "held")))
        await mail_sink.wait_for_count(1)
    sent, asked = spans.one("send mail"), spans.one(f"request {office.settings.topology.contacts_lookup}")
    for span in (sent, asked):
        assert span.context is not None
        assert span.attributes is not None
        assert format(span.context.trace_id, "032x") == TRACE["traceparent"].split("-")[1]
        assert span.attributes[REFERENCE] == "REF-ZAINA"
    assert sent.attributes is not None
    assert sent.attributes["messaging.message.id"] == mail_sink.mails[0].message_id
    assert "people.example" not in spans.texts()
    assert "Zaina" not in spans.texts()


async def test_the_database_names_nobody(office: PostOffice, mail_sink: MailSink) -> None:
    await office.prepare("zaina")
    async with office.open():
        await office.tell(event(registration("zaina", "confirmed")))
        await mail_sink.wait_for_count(1)
    async with office.database.connection() as connection:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        texts = [await connection.fetch(f'SELECT t::text FROM "{row["tablename"]}" AS t') for row in tables]
    everything = "\n".join(str(row[0]) for rows in texts for row in rows)
    assert "REF-ZAINA" in everything
    assert "people.example" not in everything
    assert "Zaina" not in everything
    assert "token-" not in everything


@pytest.mark.parametrize("query", list(QUERIES), ids=lambda query: query.name)
async def test_the_schema_knows_what_every_query_speaks_of(database: Database, query: Query) -> None:
    async with database.connection() as connection:
        await connection.prepare(query.text)


@asynccontextmanager
async def _running(office: PostOffice, **more: object) -> AsyncIterator[None]:
    dsn = office.database.dsn

    class Here(NotificationSettings):
        """The settings of a process, with the test's own database."""

        @property
        def database_dsn(self) -> str:
            return dsn

    here = Here(**{**office.settings.model_dump(), "nats_url": NatsDsn(office.nats_url), **more})
    worker, sender = (Process(service="notifications", name=name) for name in ("worker", "sender"))
    subject = here.topology.contacts_lookup
    await provision(office.broker.jetstream(), here.topology, NOTIFICATIONS)
    async with answering(office.register, url=office.nats_url, subject=subject):
        runs = [asyncio.create_task(run_worker(worker, here)), asyncio.create_task(run_sender(sender, here))]
        yield
        worker.stopping.set()
        sender.stopping.set()
        await asyncio.wait_for(asyncio.gather(*runs), 20)


async def _publish(office: PostOffice, *events: Event) -> None:
    js = office.broker.jetstream()
    topology = office.settings.topology
    await provision(js, topology)
    for one in events:
        message = encode(one, topology)
        await js.publish(message.subject, message.body, headers=message.headers, stream=topology.events_stream)
