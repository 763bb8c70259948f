"""Composition root: the only place where the parts of this service are wired together, for both its processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI
from faststream.nats import NatsBroker

from chassis import http, problems, reference_page
from chassis.answering import answering
from chassis.broker import connect, event_broker
from chassis.clock import Clock, SystemClock
from chassis.consumer import EventConsumer
from chassis.database import Database
from chassis.health import Probes, ProbeServer, served_apart
from chassis.process import Process
from chassis.starting import look_before_starting
from contracts.records import RecordsQuery
from services.analytics import api
from services.analytics.lag import Lag
from services.analytics.pages import assets, routes
from services.analytics.projector import Projector, spare_the_collector
from services.analytics.reading import STATE_NAME, Reports
from services.analytics.records import QUEUE_GROUP, records_of
from services.analytics.settings import PACKAGE, SERVICE, AnalyticsSettings


@asynccontextmanager
async def application(
    settings: AnalyticsSettings, *, dsn: str | None = None, process: Process | None = None, clock: Clock | None = None
) -> AsyncIterator[FastAPI]:
    """Lend the report's pages and API, connected."""
    database = await Database.connect(
        dsn or settings.database_dsn, application=f"{SERVICE}-api", min_size=1, max_size=settings.pool_size
    )
    client = await connect(
        settings.nats,
        name=f"{SERVICE}-api",
        on_closed=lambda: process.lose("connection to the broker") if process else None,
        on_refused=process.refuse if process else lambda _: None,
    )
    try:
        await look_before_starting(database, package=PACKAGE)
        lag = Lag(client.jetstream(), settings.topology)
        probes = Probes({"database": database.ping, "stream": lag.ping})
        app = build(probes, settings)
        reports = Reports(database, lag, clock or SystemClock(), settings.public_url.rstrip("/"))
        setattr(app.state, STATE_NAME, reports)
        app.state.probes = probes
        async with served_apart(probes, settings.probe_port, host=settings.host):
            yield app
    finally:
        await client.close()
        await database.close()


def build(probes: Probes, settings: AnalyticsSettings | None = None) -> FastAPI:
    """Return the routes and what surrounds them, not connected to anything."""
    settings = settings or AnalyticsSettings()
    app = FastAPI(
        title="Rencontres: analytics",
        version=version("rencontres"),
        description="What the network reaches: public figures, without anybody's data.",
        docs_url=None,
        redoc_url=None,
        openapi_tags=[{"name": "statistics", "description": "For everybody."}],
    )
    app.include_router(api.router)
    app.include_router(routes.router)
    app.include_router(assets.router)
    if settings.probe_port is None:
        app.router.routes.extend(probes.routes())
    reference_page.install(app)
    problems.install(app, render_html=routes.problem_page)
    http.install(app, proxies=settings.proxies)
    return app


async def run_api(process: Process, settings: AnalyticsSettings, *, host: str, port: int) -> None:
    """Serve until stopped."""
    async with application(settings, process=process) as app:
        await process.serve(app, host=host, port=port, probes=app.state.probes, drain=settings.drain_seconds)


async def run_projector(process: Process, settings: AnalyticsSettings) -> None:
    """Apply events until stopped, and answer what the reports keep of a person's registrations."""

    def lost() -> None:
        process.lose("connection to the broker")

    database = await Database.connect(settings.database_dsn, application=f"{SERVICE}-projector", max_size=4)
    broker = event_broker(settings.nats, name=f"{SERVICE}-projector", on_closed=lost, on_refused=process.refuse)
    client = await connect(settings.nats, name=f"{SERVICE}-records", on_closed=lost, on_refused=process.refuse)
    subject, tell = settings.topology.records(SERVICE), partial(records_of, database)
    consumer = EventConsumer(Projector(database).consumer, broker=broker, topology=settings.topology)
    probes = Probes({"database": database.ping, "broker": lambda: _answers(broker)})
    try:
        await look_before_starting(database, package=PACKAGE)
        async with ProbeServer(settings.probe_port, probes, host=settings.host), broker:
            await consumer.provisioned()
            await broker.start()
            spare_the_collector()
            async with answering(client, subject, QUEUE_GROUP, RecordsQuery, tell):
                process.started()
                await consumer.watch(process.stopping)
    finally:
        await client.close()
        await database.close()


async def _answers(broker: NatsBroker) -> None:
    if not await broker.ping(timeout=1.0):
        raise ConnectionError("the broker is away")
