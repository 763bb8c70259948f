"""The relay's process: publishes what was committed, and says how much waits."""

import asyncio
from functools import partial

from nats.js import JetStreamContext

from chassis import logging, telemetry
from chassis.broker import connect, connection_number
from chassis.database import LOST, Database
from chassis.health import Probes, ProbeServer
from chassis.process import Process
from chassis.relay import Relay
from chassis.sql import load_queries
from chassis.starting import look_before_starting
from contracts.subjects import Topology
from services.registration.settings import RegistrationSettings

REPORT_EVERY = 2.0

_log = logging.get(__name__)
_queries = load_queries("chassis")


async def run(process: Process, settings: RegistrationSettings, *, dsn: str | None = None) -> None:
    """Relay until the process is stopped."""
    dsn = dsn or settings.dsn("registration")
    client = await connect(
        settings.nats,
        name="registration-relay",
        on_closed=lambda: process.lose("connection to the broker"),
        on_refused=process.refuse,
    )
    js = client.jetstream()
    try:
        database = await Database.connect(dsn, application="registration-relay-probes", max_size=2)
        try:
            probes = Probes({"database": database.ping, "broker": partial(_stream_is_there, js, settings.topology)})
            await look_before_starting(database, package="services.registration")
            relay = Relay(dsn=dsn, js=js, topology=settings.topology, link=lambda: connection_number(client))
            async with ProbeServer(settings.probe_port, probes, host=settings.host):
                process.started()
                reporting = asyncio.create_task(_report(database))
                await relay.run(process.stopping)
                reporting.cancel()
        finally:
            await database.close()
    finally:
        await client.close()


async def _report(database: Database) -> None:
    while True:
        try:
            async with database.connection() as connection:
                row = await _queries.outbox_backlog.fetchrow(connection)
        except LOST as error:
            _log.warning("the backlog of the outbox cannot be read", exc_info=error)
        else:
            if row is not None:
                telemetry.OUTBOX_ROWS.set(row["rows"])
                telemetry.OUTBOX_AGE.set(row["age"])
        await asyncio.sleep(REPORT_EVERY)


async def _stream_is_there(js: JetStreamContext, topology: Topology) -> None:
    await js.stream_info(topology.events_stream)
