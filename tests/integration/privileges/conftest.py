"""The network's account on the run's broker with its streams, and the databases and roles of all services under names of the test run."""

import secrets
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import nats
import pytest_asyncio
from nats.aio.client import Client

from chassis.broker import heard
from chassis.migrations import migrate
from chassis.provisioning import provision
from chassis.roles import OWNER, SERVICES, make_roles
from contracts.consumers import DURABLES
from contracts.permissions import PROVISIONER, inbox_prefix
from contracts.subjects import Topology
from tests.fixtures.servers import NatsServer, PostgresServer


@dataclass(slots=True)
class User:
    """A connection of one user, and what the broker refused to it."""

    client: Client
    refusals: list[str] = field(default_factory=list)

    async def may_publish(self, subject: str) -> bool:
        """Publish nothing to a subject, and say whether the broker let it pass."""
        return await self._may(self.client.publish(subject, b""))

    async def may_subscribe(self, subject: str) -> bool:
        """Whether the broker lets it listen."""
        return await self._may(self.client.subscribe(subject))

    async def _may(self, act: Awaitable[object]) -> bool:
        self.refusals.clear()
        await act
        await heard(self.client)
        return not self.refusals


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[User]:
    """Connect as the user of a URL."""
    refusals: list[str] = []

    async def failed(error: Exception) -> None:
        refusals.append(str(error))

    client = await nats.connect(url, inbox_prefix=inbox_prefix(url), allow_reconnect=False, error_cb=failed)
    try:
        yield User(client, refusals)
    finally:
        await client.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def network(nats_server: NatsServer) -> NatsServer:
    """The broker with the network's streams and consumers, made by the provisioner."""
    async with connected(nats_server.url_of(PROVISIONER)) as provisioner:
        await provision(provisioner.client.jetstream(), Topology(), *DURABLES)
        assert provisioner.refusals == []
    return nats_server


@dataclass(frozen=True, slots=True)
class Databases:
    """One database for each service, under a prefix of this run, with a password for each role."""

    server: PostgresServer
    prefix: str
    passwords: dict[str, str]

    def name(self, service: str) -> str:
        """Of the database, and of the role that uses it."""
        return f"{self.prefix}_{service}"

    def dsn(self, role: str, *, into: str) -> str:
        """As `<service>` or `<service>_owner`, into the database of a service."""
        address = urlsplit(self.server.url)
        user = f"{self.name(role)}:{self.passwords[role]}"
        host = address.netloc.rpartition("@")[2]
        return address._replace(netloc=f"{user}@{host}", path=f"/{self.name(into)}").geturl()

    async def make(self, service: str) -> None:
        """Make its roles and database, or bring them to the passwords that are known."""
        await make_roles(
            self.server.url,
            database=self.name(service),
            owner_password=self.passwords[f"{service}{OWNER}"],
            user_password=self.passwords[service],
        )

    async def remove(self, service: str) -> None:
        """Leave nothing behind."""
        await self.server.drop_database(self.dsn(service, into=service))
        connection = await asyncpg.connect(self.server.url)
        for role in (service, f"{service}{OWNER}"):
            await connection.execute(f"DROP ROLE IF EXISTS {self.name(role)}")
        await connection.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def databases(postgres_server: PostgresServer) -> AsyncIterator[Databases]:
    """All services' databases, migrated by their owners."""
    passwords = {f"{service}{kind}": secrets.token_hex(8) for service in SERVICES for kind in ("", OWNER)}
    databases = Databases(postgres_server, f"test_{uuid4().hex[:8]}", passwords)
    for service in SERVICES:
        await databases.make(service)
        await migrate(databases.dsn(f"{service}{OWNER}", into=service), package=f"services.{service}")
    yield databases
    for service in SERVICES:
        await databases.remove(service)
