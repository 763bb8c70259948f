"""The process beside the API: it says where people are reached, lets time do its work, and watches that no seat is given twice."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import asyncpg
from nats.aio.client import Client

from chassis import logging, telemetry
from chassis.answering import answering
from chassis.broker import connect
from chassis.database import AWAY
from chassis.health import Probes, ProbeServer
from chassis.nights import every_night
from chassis.process import Process
from contracts.contacts import ContactQuery
from services.registration.app import connected
from services.registration.contacts import QUEUE_GROUP, look_up
from services.registration.links import BATCH as QUESTIONS
from services.registration.links import answer_due
from services.registration.retention import kinds
from services.registration.settings import RegistrationSettings
from services.registration.sweeping import BATCH, PURGE_BATCH, expire_due, oversold, purge
from services.registration.work import Work

SWEEP_EVERY = 1.0
PURGE_EVERY = 60.0
RECOUNT_EVERY = 10.0

_log = logging.get(__name__)
_oversold = telemetry.Gauge(
    "rencontres.seats.oversold", description="Meetups whose seats do not add up. Anything but 0 is an incident."
)


async def run(process: Process, settings: RegistrationSettings, *, dsn: str | None = None) -> None:
    """Work until the process is stopped."""
    client = await connect(
        settings.nats,
        name="registration-worker",
        on_closed=lambda: process.lose("connection to the broker"),
        on_refused=process.refuse,
    )
    try:
        async with connected(settings, process="worker", dsn=dsn) as work:
            probes = Probes({"database": work.database.ping, "broker": lambda: _is_connected(client)})
            look_up_here = partial(look_up, work.database)
            async with (
                ProbeServer(settings.probe_port, probes, host=settings.host),
                answering(client, settings.topology.contacts_lookup, QUEUE_GROUP, ContactQuery, look_up_here),
            ):
                process.started()
                await process.until_stopped(
                    _every(SWEEP_EVERY, partial(sweep, work)),
                    _every(SWEEP_EVERY, partial(find_again, work)),
                    _every(PURGE_EVERY, partial(clear, work)),
                    _every(RECOUNT_EVERY, partial(recount, work)),
                    every_night(work.database, kinds(work), clock=work.clock),
                )
    finally:
        await client.close()


async def sweep(work: Work) -> None:
    """Let all holds and offers that ran out go."""
    while await expire_due(work) >= BATCH:
        pass


async def find_again(work: Work) -> None:
    """Send their links to all who asked for them."""
    while await answer_due(work) >= QUESTIONS:
        pass


async def clear(work: Work) -> None:
    """Forget old keys and links."""
    while await purge(work) >= PURGE_BATCH:
        pass


async def recount(work: Work) -> None:
    """Measure what must be 0."""
    count = await oversold(work)
    _oversold.set(count)
    if count:
        _log.error("seats do not add up", meetups=count)


async def _every(seconds: float, job: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await job()
        except AWAY as error:
            _log.warning("the database does not answer", exc_info=error)
        except asyncpg.PostgresError as error:
            _log.error("a job failed", exc_info=error)
        await asyncio.sleep(seconds)


async def _is_connected(client: Client) -> None:
    if not client.is_connected:
        raise ConnectionError("no broker answers")
