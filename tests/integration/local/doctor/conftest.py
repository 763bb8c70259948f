"""A network's servers as an operator would have set them up: roles, databases, streams, users; and a shell that names them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest
import pytest_asyncio

from chassis.broker import connect
from chassis.migrations import migrate
from chassis.provisioning import provision
from chassis.roles import OWNER, SERVICES, make_roles
from chassis.settings import database_dsn, database_name
from contracts.consumers import DURABLES
from contracts.permissions import OPERATOR, PROVISIONER
from contracts.subjects import Topology
from local.doctor.patient import Patient
from local.mail_sink import MailSink
from local.nats import EmbeddedNats
from local.ports import free_port
from local.postgres import EmbeddedPostgres
from local.processes import SERVICE_PROCESSES, actor_of


@dataclass(frozen=True, slots=True)
class Place:
    """The servers of one test, and the variables with which each process finds them."""

    postgres: EmbeddedPostgres
    nats: EmbeddedNats
    smtp: MailSink

    @property
    def common(self) -> dict[str, str]:
        """What all processes have."""
        return {"RENCONTRES_SMTP_URL": f"smtp://127.0.0.1:{self.smtp.port}?starttls=never"}

    def environment(self, process: str) -> dict[str, str]:
        """As the process's own user and role."""
        row = next(row for row in SERVICE_PROCESSES if row.name == process)
        actor = actor_of(row.module, row.role)
        database = {"RENCONTRES_DATABASE_URL": self.postgres.urls[actor.database]} if actor.database else {}
        return {**self.common, **database, "RENCONTRES_NATS_URL": self.nats.urls[actor.broker]}

    def patient(self, changes: Mapping[str, str] | None = None) -> Patient:
        """All processes as they should be, but for some variables."""
        operator = {
            **self.common,
            "RENCONTRES_DATABASE_URL": self.postgres.urls["registration"],
            "RENCONTRES_NATS_URL": self.nats.urls[OPERATOR],
            **(changes or {}),
        }
        environments = {row.name: {**self.environment(row.name), **(changes or {})} for row in SERVICE_PROCESSES}
        return Patient(environments, operator)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def servers_of_their_own(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[EmbeddedPostgres, EmbeddedNats]]:
    """PostgreSQL with roles and migrated databases of the usual names, NATS with the network's users, streams and consumers."""
    folder = tmp_path_factory.mktemp("doctor")
    postgres = EmbeddedPostgres(folder / "postgres", port=free_port(), durable=False)
    nats = EmbeddedNats(folder / "nats", port=free_port(), monitoring_port=free_port(), guests=True)
    await asyncio.gather(postgres.start(), nats.start())
    try:
        for service in SERVICES:
            await make_roles(
                postgres.dsn,
                database=database_name(service),
                owner_password=postgres.passwords[f"{service}{OWNER}"],
                user_password=postgres.passwords[service],
            )
            owner = database_dsn(postgres.urls[f"{service}{OWNER}"], database_name(service))
            await migrate(owner, package=f"services.{service}")
        client = await connect(nats.urls[PROVISIONER], name="test", on_closed=lambda: None)
        await provision(client.jetstream(), Topology(), *DURABLES)
        await client.close()
        yield postgres, nats
    finally:
        await asyncio.gather(postgres.stop(mode="immediate"), nats.stop())


@pytest.fixture
async def place(servers_of_their_own: tuple[EmbeddedPostgres, EmbeddedNats], mail_sink: MailSink) -> Place:
    """Everything well."""
    return Place(*servers_of_their_own, mail_sink)
