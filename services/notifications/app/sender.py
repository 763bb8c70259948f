"""The sender: lanes taken, contacts asked for, mail handed over."""

import asyncio
from contextlib import suppress

from nats.aio.client import Client

from chassis.broker import connect
from chassis.clock import Clock, SystemClock
from chassis.consumer import WORLD_AWAY
from chassis.database import Database
from chassis.health import Probes, ProbeServer
from chassis.process import Process
from chassis.starting import look_before_starting
from chassis.wakeup import Listener
from services.notifications.app import PACKAGE
from services.notifications.delivery.circuit import Circuit
from services.notifications.delivery.contacts import ContactsClient
from services.notifications.delivery.gauges import report
from services.notifications.delivery.lane_runner import LaneRunner
from services.notifications.delivery.mailer import Mailer
from services.notifications.delivery.recorder import Recorder
from services.notifications.delivery.sender import Sender
from services.notifications.delivery.smtp import Connection, Server
from services.notifications.handlers import CHANNEL
from services.notifications.mail.composer import Composer
from services.notifications.mail.links import Links
from services.notifications.outbound import Outbound
from services.notifications.settings import NotificationSettings

_POLL = 1.0
_REPORT_EVERY = 2.0


async def run_sender(process: Process, settings: NotificationSettings) -> None:
    """Send mail, beside the probes, until the process is stopped."""
    broker = await connect(
        settings.nats,
        name="notifications-sender",
        on_closed=lambda: process.lose("connection to the broker"),
        on_refused=process.refuse,
    )
    try:
        database = await Database.connect(settings.database_dsn, application="notifications-sender")
        try:
            await look_before_starting(database, package=PACKAGE)
            await _send(process, settings, database, broker)
        finally:
            await database.close()
    finally:
        await broker.close()


async def _send(process: Process, settings: NotificationSettings, database: Database, broker: Client) -> None:
    clock = SystemClock()
    sender = build_sender(settings, database=database, broker=broker, clock=clock)
    probes = Probes(
        {
            "database": database.ping,
            "broker": lambda: _is_connected(broker),
            "mail server": lambda: _is_there(sender.mail_server),
            "contacts": lambda: _is_there(sender.sources),
        }
    )
    async with (
        ProbeServer(settings.probe_port, probes, host=settings.host),
        Listener(settings.database_dsn, CHANNEL, poll=_POLL) as listener,
    ):
        process.started()
        reporting = asyncio.create_task(_report(database, clock))
        try:
            await sender.run(process.stopping, listener)
        finally:
            reporting.cancel()


def build_sender(
    settings: NotificationSettings,
    *,
    database: Database,
    broker: Client,
    clock: Clock,
    outbound_type: type[Outbound] = Outbound,
) -> Sender:
    """Put a sender together."""
    outbound = outbound_type(database)
    recorder = Recorder(outbound, clock)
    composer = Composer(sender=settings.sender, host=settings.mail_host, links=Links(settings.public_url))
    mailer = Mailer(composer=composer, recorder=recorder, retries=settings.retries, clock=clock)
    server = Server.parse(settings.smtp_url, greet_as=settings.mail_host)
    connections = [Connection(server) for _ in range(settings.smtp_connections)]
    return Sender(
        outbound=outbound,
        contacts=ContactsClient(broker, settings.topology.contacts_lookup),
        runner=LaneRunner(connections=connections, mailer=mailer, recorder=recorder),
        recorder=recorder,
        clock=clock,
    )


async def _report(database: Database, clock: Clock) -> None:
    while True:
        with suppress(*WORLD_AWAY):
            await report(database, clock.now())
        await asyncio.sleep(_REPORT_EVERY)


async def _is_connected(broker: Client) -> None:
    if not broker.is_connected:
        raise ConnectionError("the broker is away")


async def _is_there(circuit: Circuit) -> None:
    if not circuit.is_closed:
        raise ConnectionError("away: mail waits, none is lost")
