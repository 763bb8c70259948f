"""The registration service on a real database: migrated once a run, copied for each test."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from chassis.clock import ManualClock
from chassis.migrations import migrate
from contracts.contacts import AttendeeQuery, ContactQuery
from services.registration import meetups, organisations
from services.registration.admission import Admission
from services.registration.app import application, connected
from services.registration.contacts import look_up
from services.registration.domain.meetups import Part, Programme
from services.registration.domain.registrations import Mode
from services.registration.editing import NewMeetup, Place, When
from services.registration.organisations import Declaration
from services.registration.organisers import Organiser, Scope, mint_token
from services.registration.receipts import Application
from services.registration.settings import RegistrationSettings
from services.registration.store.meetups import Sheet
from services.registration.work import Work
from tests.fixtures.servers import PostgresServer

NOW = datetime(2027, 3, 18, 9, tzinfo=UTC)
EVENING = datetime(2027, 4, 15, 18)  # noqa: DTZ001 - a wall time has no offset
STARTS = datetime(2027, 4, 15, 15, tzinfo=UTC)
ADMIN = Organiser(token_id=uuid4(), scopes=frozenset(Scope))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def template(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """Name of a migrated database to copy from."""
    dsn = await postgres_server.create_database()
    await migrate(dsn, package="services.registration")
    yield dsn.rsplit("/", 1)[1]
    await postgres_server.drop_database(dsn)


@pytest.fixture
async def dsn(postgres_server: PostgresServer, template: str) -> AsyncIterator[str]:
    """A migrated database of the test's own."""
    dsn = await postgres_server.create_database(template=template)
    yield dsn
    await postgres_server.drop_database(dsn)


@dataclass
class House:
    """The service's use cases, a clock to move, and a look into the database."""

    work: Work
    clock: ManualClock
    organisation_id: UUID = field(default_factory=uuid4)

    async def meetup(
        self,
        *,
        capacity: int = 3,
        overbooking: int = 0,
        online: int | None = None,
        approval: bool = False,
        published: bool = True,
        slug: str | None = None,
        id_: UUID | None = None,
    ) -> Sheet:
        """Make a meetup in Mayotte in four weeks, hybrid when there are seats `online`."""
        await organisations.declare(
            self.work,
            Declaration(
                id=self.organisation_id,
                name="CCI de Mayotte",
                kind="cci",
                email="ia@mayotte.example",
                locale="fr",
                new_registration_mail="each",
            ),
            by=ADMIN,
        )
        new = NewMeetup(
            id=id_,
            slug=slug,
            territory="976",
            programme=Programme(
                title="L’IA au comptoir",
                description="",
                format="talk",
                attendance_mode="hybrid" if online else "onsite",
            ),
            when=When(starts_local=EVENING, ends_local=EVENING + timedelta(hours=2)),
            place=Place(name="CCI de Mayotte", address="Place Mariage, 97600 Mamoudzou"),
            capacity=capacity,
            overbooking_percent=overbooking,
            online_capacity=online,
            approval=approval,
            organisers=[Part(organisation_id=self.organisation_id, role="lead")],
        )
        sheet = await meetups.draft(self.work, new, by=ADMIN)
        return await meetups.publish(self.work, sheet.meetup.id, by=ADMIN) if published else sheet

    async def rows(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Look into the database."""
        async with self.work.database.connection() as connection:
            return await connection.fetch(query, *arguments)

    async def statuses(self) -> list[str]:
        """Statuses of all registrations in order of arrival."""
        return [
            r["status"]
            for r in await self.rows(
                "SELECT status FROM registrations ORDER BY registered_at, waiting_number NULLS FIRST, id"
            )
        ]

    async def facts(self) -> list[str]:
        """What was told, in order: `registration.held`, …"""
        rows = await self.rows("SELECT type FROM event_log ORDER BY position")
        return [row["type"].removeprefix("fr.rencontres.").removesuffix(".v1") for row in rows]

    async def token(self, reference: str) -> str:
        """What the link in the mail holds."""
        [row] = await self.rows("SELECT id, person_id FROM registrations WHERE reference = $1", reference)
        query = ContactQuery(attendees=(AttendeeQuery(person_id=row["person_id"], registration_id=row["id"]),))
        return (await look_up(self.work.database, query)).attendees[0].manage_token

    async def balance(self, meetup_id: UUID, mode: Mode = "onsite") -> tuple[int, int]:
        """Seats of a room taken and people waiting by a recount, checked against the counters; so are those of decoys."""
        taken, waiting = await self._recount("registrations", ("seats_taken", "waiting_count"), meetup_id, mode)
        await self._recount("decoys", ("decoys_held", "decoys_waiting"), meetup_id, mode)
        return taken, waiting

    async def _recount(self, table: str, counters: tuple[str, str], meetup_id: UUID, mode: Mode) -> tuple[int, int]:
        [row] = await self.rows(
            f"""SELECT o.{counters[0]}, o.{counters[1]},
                       count(*) FILTER (WHERE r.status IN ('held', 'offered', 'confirmed')) AS taken,
                       count(*) FILTER (WHERE r.status = 'waitlisted' AND r.approval IS DISTINCT FROM 'pending') AS waiting
                FROM rooms o LEFT JOIN {table} r ON r.meetup_id = o.meetup_id AND r.mode = o.mode
                WHERE o.meetup_id = $1 AND o.mode = $2 GROUP BY o.meetup_id, o.mode""",
            meetup_id,
            mode,
        )
        assert (row[counters[0]], row[counters[1]]) == (row["taken"], row["waiting"])
        return row["taken"], row["waiting"]


def application_of(
    meetup_id: UUID,
    person: int,
    *,
    key: str | None = None,
    name: str = "Zainaba Madi",
    mode: Mode | None = None,
) -> Application:
    """Somebody wishes to come."""
    email = f"person{person}@firm.example"
    return Application(
        meetup_id=meetup_id,
        email=email,
        email_key=email,
        full_name=name,
        headcount="1-9",
        locale="fr",
        key=key or f"key-{person}",
        mode=mode,
    )


@pytest.fixture
def settings() -> RegistrationSettings:
    return RegistrationSettings(public_url="http://site.example")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def house(settings: RegistrationSettings, dsn: str, clock: ManualClock) -> AsyncIterator[House]:
    async with connected(settings, process="test", dsn=dsn, clock=clock) as work:
        yield House(work, clock)


@pytest.fixture
async def admission(house: House) -> AsyncIterator[Admission]:
    async with Admission(house.work) as desk:
        yield desk


@pytest.fixture
async def app(settings: RegistrationSettings, dsn: str, clock: ManualClock) -> AsyncIterator[FastAPI]:
    async with application(settings, dsn=dsn, clock=clock) as app:
        yield app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A program that speaks to the API."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as client:
        yield client


@pytest.fixture
async def admin(house: House) -> dict[str, str]:
    """Headers of an organiser who may do everything."""
    token = await mint_token(house.work, name="test", scopes=Scope, lasts=timedelta(days=90))
    return {"Authorization": f"Bearer {token}"}
