"""Schemathesis against the running API: whatever is asked, the answer is one that the document promises, and never a failure of ours."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING
from uuid import uuid4

import nats
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from pydantic import NatsDsn
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from chassis.clock import ManualClock
from chassis.database import Database
from chassis.health import Probes
from chassis.migrations import migrate
from chassis.provisioning import provision
from chassis.serving import Server
from contracts.subjects import Topology
from services.analytics.app import application, build
from services.analytics.settings import AnalyticsSettings
from tests.fixtures.reporting import NOW, meetup, registration
from tests.fixtures.servers import NatsServer, PostgresServer
from tests.integration.analytics.conftest import apply

if TYPE_CHECKING:
    from schemathesis.specs.openapi.schemas import OpenApiOperation

EXAMPLES = 60


@pytest.fixture(scope="module")
def url(postgres_server: PostgresServer, nats_server: NatsServer) -> Iterator[str]:
    """Serve it on a loop of its own: Schemathesis calls from a blocking test."""
    found: Future[str] = Future()
    loop, stop = asyncio.new_event_loop(), asyncio.Event()

    def run() -> None:
        try:
            loop.run_until_complete(_serve(postgres_server, nats_server, found, stop))
        except BaseException as error:
            if not found.done():
                found.set_exception(error)
            raise

    thread = threading.Thread(target=run)
    thread.start()
    yield found.result(timeout=60)
    loop.call_soon_threadsafe(stop.set)
    thread.join(timeout=30)


async def _serve(
    postgres_server: PostgresServer, nats_server: NatsServer, found: "Future[str]", stop: asyncio.Event
) -> None:
    dsn, topology = await postgres_server.create_database(), Topology(f"t{uuid4().hex[:12]}")
    await migrate(dsn, package="services.analytics")
    place = meetup()
    database = await Database.connect(dsn, application="tests")
    await apply(database, [place, *(registration(place.aggregate_id) for _ in range(30))])
    await database.close()
    client = await nats.connect(nats_server.url)
    await provision(client.jetstream(), topology)
    here = AnalyticsSettings(nats_url=NatsDsn(nats_server.url), nats_prefix=topology.prefix)
    async with application(here, dsn=dsn, clock=ManualClock(NOW)) as app:
        server = Server(app, host="127.0.0.1", port=0)
        await server.start()
        found.set_result(f"http://127.0.0.1:{server.port}")
        await stop.wait()
        await server.stop()
    for stream in (topology.events_stream, topology.dead_letters_stream, topology.retries_stream):
        await client.jetstream().delete_stream(stream)
    await client.close()
    await postgres_server.drop_database(dsn)


_schema = schemathesis.openapi.from_dict(
    build(Probes()).openapi(),
    config=SchemathesisConfig(
        projects=ProjectsConfig(
            default=ProjectConfig(
                # Sizes crossed with anything else fit the schema and are refused all the same.
                checks=ChecksConfig(
                    positive_data_acceptance=PositiveDataAcceptanceConfig(expected_statuses=["2xx", "422"])
                ),
                generation=GenerationConfig(max_examples=EXAMPLES, deterministic=True, no_shrink=True),
            )
        )
    ),
)


@_schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
def test_whatever_is_asked(case: "schemathesis.Case[OpenApiOperation]", url: str) -> None:
    case.call_and_validate(base_url=url)
