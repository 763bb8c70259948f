"""The composition root: the only place where the parts of this service are put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from faststream.nats import NatsBroker
from nats.aio.client import Client

from chassis.broker import connect, event_broker
from chassis.clock import Clock, SystemClock
from chassis.consumer import WORLD_AWAY, Consumer, EventConsumer
from chassis.database import Database
from chassis.health import Probes, ProbeServer
from chassis.ids import uuid7
from chassis.process import Process
from chassis.wakeup import Listener, Waker
from services.notifications.delivery.circuit import Circuit
from services.notifications.delivery.contacts import ContactsClient
from services.notifications.delivery.gauges import report
from services.notifications.delivery.lane_runner import LaneRunner
from services.notifications.delivery.mailer import Mailer
from services.notifications.delivery.recorder import Recorder
from services.notifications.delivery.sender import Sender
from services.notifications.delivery.smtp import Connection, Server
from services.notifications.handlers import AGGREGATES, CHANNEL, CONSUMER, EventHandler
from services.notifications.mail.composer import Composer
from services.notifications.mail.links import Links
from services.notifications.outbound import Outbound
from services.notifications.settings import NotificationSettings

SERVICE = "notifications"
_POLL = 1.0
_REPORT_EVERY = 2.0


async def run_worker(process: Process, settings: NotificationSettings) -> None:
    """Events in: the durable consumer and its probes."""
    async with _database(settings, "worker") as database:
        broker = event_broker(
            settings.nats, name="notifications-worker", on_closed=lambda: process.lose("connection to the broker")
        )
        handler = EventHandler(database, waker=Waker(database, CHANNEL), clock=SystemClock())
        consumer = EventConsumer(
            Consumer(CONSUMER, AGGREGATES, handler.handle), broker=broker, topology=settings.topology
        )
        probes = Probes({"database": database.ping, "broker": lambda: _broker_answers(broker)})
        async with ProbeServer(settings.probe_port, probes, host=settings.host), broker:
            await consumer.provision()
            await broker.start()
            process.started()
            await consumer.watch(process.stopping)


async def run_sender(process: Process, settings: NotificationSettings) -> None:
    """Mail out: the sender and its probes."""
    client = await connect(
        settings.nats, name="notifications-sender", on_closed=lambda: process.lose("connection to the broker")
    )
    try:
        async with _database(settings, "sender") as database:
            clock = SystemClock()
            sender = build_sender(settings, database=database, broker=client, clock=clock)
            probes = Probes(
                {
                    "database": database.ping,
                    "broker": lambda: _client_is_connected(client),
                    "mail server": lambda: _closed(sender.mail_server),
                    "contacts": lambda: _closed(sender.sources),
                }
            )
            async with ProbeServer(settings.probe_port, probes, host=settings.host):
                process.started()
                reporting = asyncio.create_task(_report(database, clock))
                async with Listener(settings.database_dsn, CHANNEL, poll=_POLL) as listener:
                    await sender.run(process.stopping, listener)
                reporting.cancel()
    finally:
        await client.close()


def build_sender(
    settings: NotificationSettings,
    *,
    database: Database,
    broker: Client,
    clock: Clock,
    outbound_type: type[Outbound] = Outbound,
) -> Sender:
    """Put a sender together."""
    outbound = outbound_type(database, sender_id=uuid7())
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


@asynccontextmanager
async def _database(settings: NotificationSettings, process: str) -> AsyncIterator[Database]:
    database = await Database.connect(settings.database_dsn, application=f"notifications-{process}")
    try:
        yield database
    finally:
        await database.close()


async def _report(database: Database, clock: Clock) -> None:
    while True:
        with suppress(*WORLD_AWAY):
            await report(database, clock.now())
        await asyncio.sleep(_REPORT_EVERY)


async def _broker_answers(broker: NatsBroker) -> None:
    if not await broker.ping(timeout=1.0):
        raise ConnectionError("the broker is away")


async def _client_is_connected(client: Client) -> None:
    if not client.is_connected:
        raise ConnectionError("the broker is away")


async def _closed(circuit: Circuit) -> None:
    if not circuit.is_closed:
        raise ConnectionError("away: mail waits, none is lost")
