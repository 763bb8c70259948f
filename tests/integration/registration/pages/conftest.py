"""The public site on a real database, with a clock that moves when told and the made-up programme in it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest

from chassis.clock import ManualClock
from chassis.database import Database
from chassis.ids import secret_token, token_hash
from chassis.migrations import migrate
from chassis.outbox import CHANNEL
from chassis.wakeup import Waker
from contracts.contacts import AttendeeQuery, ContactQuery
from contracts.subjects import Topology
from services.registration.app import application
from services.registration.contacts import look_up
from services.registration.demo_programme.seeding import seed
from services.registration.domain.ledgers import Deadlines
from services.registration.settings import RegistrationSettings
from services.registration.work import Work
from tests.fixtures.servers import PostgresServer

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MAMOUDZOU = "mamoudzou-2027-02"


@dataclass
class Site:
    """The site, seen by a browser."""

    browser: httpx.AsyncClient
    work: Work
    clock: ManualClock

    async def resize(self, slug: str, capacity: int) -> None:
        """Give a meetup another capacity, without overbooking."""
        async with self.work.database.connection() as connection:
            await connection.execute(
                """UPDATE rooms SET capacity = $2, overbooking_percent = 0
                   WHERE meetup_id = (SELECT id FROM meetups WHERE slug = $1)""",
                slug,
                capacity,
            )

    async def token(self, reference: str) -> str:
        """Return what the mail's link holds."""
        async with self.work.database.connection() as connection:
            row = await connection.fetchrow("SELECT id, person_id FROM registrations WHERE reference = $1", reference)
        assert row is not None
        query = ContactQuery(attendees=(AttendeeQuery(person_id=row["person_id"], registration_id=row["id"]),))
        return (await look_up(self.work.database, query)).attendees[0].manage_token

    async def look(self, reference: str) -> str:
        """Return a token as it is shown after the form: it looks, and does nothing."""
        token = secret_token()
        async with self.work.database.connection() as connection:
            await connection.execute(
                """INSERT INTO access_tokens (token_hash, registration_id, purpose, expires_at)
                   SELECT $1, id, 'view', $3 FROM registrations WHERE reference = $2""",
                token_hash(token),
                reference,
                self.clock.now() + timedelta(days=1),
            )
        return token

    async def registrations(self) -> list[tuple[UUID, str]]:
        """Return id and status of everything registered."""
        async with self.work.database.connection() as connection:
            rows = await connection.fetch("SELECT id, status FROM registrations ORDER BY id")
        return [(row["id"], row["status"]) for row in rows]

    async def events(self) -> list[str]:
        """Return the types of all that happened."""
        async with self.work.database.connection() as connection:
            rows = await connection.fetch("SELECT type FROM event_log ORDER BY position")
        return [row["type"] for row in rows]

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**span))


@pytest.fixture(scope="session")
def seeded_database(postgres_server: PostgresServer) -> str:
    """Name of a migrated database with the made-up programme in it, to be copied: a copy takes a tenth of the time."""

    async def make() -> str:
        dsn = await postgres_server.create_database()
        await migrate(dsn, package="services.registration")
        database = await Database.connect(dsn, application="seeding")
        waker = Waker(database, CHANNEL)
        await seed(
            Work(database=database, topology=Topology(), clock=ManualClock(NOW), deadlines=Deadlines(), waker=waker)
        )
        await database.close()
        return urlsplit(dsn).path[1:]

    return asyncio.run(make())


@pytest.fixture
async def site(postgres_server: PostgresServer, seeded_database: str) -> AsyncIterator[Site]:
    dsn = await postgres_server.create_database(template=seeded_database)
    clock = ManualClock(NOW)
    settings = RegistrationSettings(public_url="https://rencontres.example")
    async with application(settings, dsn=dsn, clock=clock) as app:
        html = {"Accept": "text/html,*/*;q=0.8"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://site", headers=html
        ) as browser:
            yield Site(browser, app.state.work, clock)
    await postgres_server.drop_database(dsn)
