"""The worker as a process: contacts over the broker, and time passing by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import nats
import nats.errors
import pytest
from nats.aio.client import Client

from chassis.process import Process
from contracts.contacts import AttendeeQuery, ContactBook, ContactQuery
from contracts.subjects import Topology
from services.registration import worker
from services.registration.admission import Admission
from services.registration.settings import RegistrationSettings
from tests.fixtures.servers import NatsServer
from tests.fixtures.telemetry import Spans
from tests.integration.registration.conftest import House, application_of


@asynccontextmanager
async def working(dsn: str, server: NatsServer, topology: Topology, **settings: float) -> AsyncIterator[Client]:
    """Run the worker and lend a client that may ask it."""
    process = Process(service="registration", name="worker")
    configured = RegistrationSettings.model_validate(
        {"nats_url": server.url, "nats_prefix": topology.prefix} | settings
    )
    running = asyncio.create_task(worker.run(process, configured, dsn=dsn))
    client = await nats.connect(server.url)
    try:
        while not process.has_started and not running.done():  # noqa: ASYNC110 - it tells by a flag
            await asyncio.sleep(0.02)
        yield client
    finally:
        process.stopping.set()
        await running
        await client.close()


async def test_contacts_are_told_to_who_asks_on_the_broker(
    house: House, admission: Admission, dsn: str, nats_server: NatsServer, topology: Topology, spans: Spans
) -> None:
    meetup_id = (await house.meetup()).meetup.id
    outcome = await admission.ask(application_of(meetup_id, 1))
    [row] = await house.rows("SELECT id, person_id FROM registrations")
    query = ContactQuery(attendees=(AttendeeQuery(person_id=row["person_id"], registration_id=row["id"]),))
    async with working(dsn, nats_server, topology) as client:
        reply = await client.request(topology.contacts_lookup, query.model_dump_json().encode(), timeout=10)
        book = ContactBook.model_validate_json(reply.data)
        with suppress(nats.errors.TimeoutError):
            await client.request(topology.contacts_lookup, b'{"attendees": "everybody"}', timeout=0.3)
            pytest.fail("what cannot be read is not answered")
        again = await client.request(topology.contacts_lookup, query.model_dump_json().encode(), timeout=10)
    [contact] = book.attendees
    assert (contact.email, contact.full_name, contact.registration_id) == (
        "person1@firm.example",
        "Zainaba Madi",
        outcome.receipt.id,
    )
    assert ContactBook.model_validate_json(again.data).attendees[0].manage_token != contact.manage_token
    assert spans.named(f"respond {topology.contacts_lookup}")
    assert "person1@" not in spans.texts()
    assert "Zainaba" not in spans.texts()


async def test_time_passes_by_itself(
    house: House, admission: Admission, dsn: str, nats_server: NatsServer, topology: Topology
) -> None:
    meetup_id = (await house.meetup(capacity=1)).meetup.id
    for person in range(2):
        await admission.ask(application_of(meetup_id, person))
    await house.rows("UPDATE registrations SET expires_at = now() - interval '1 s' WHERE expires_at IS NOT NULL")
    async with working(dsn, nats_server, topology), asyncio.timeout(20):
        while await house.statuses() != ["expired", "offered"]:  # noqa: ASYNC110 - it tells by the database
            await asyncio.sleep(0.05)
    assert await house.balance(meetup_id) == (1, 0)
