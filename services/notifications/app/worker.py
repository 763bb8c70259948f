"""The worker: events in, deliveries written down; reminders too, when their hour has come. It answers what is kept of a person."""

from functools import partial

from faststream.nats import NatsBroker

from chassis.answering import answering
from chassis.broker import connect, event_broker
from chassis.clock import SystemClock
from chassis.consumer import Consumer, EventConsumer
from chassis.database import Database
from chassis.health import Probes, ProbeServer
from chassis.nights import every_night
from chassis.process import Process
from chassis.starting import look_before_starting
from chassis.wakeup import Waker
from contracts.consumers import NOTIFICATIONS
from contracts.records import RecordsQuery
from services.notifications.app import PACKAGE
from services.notifications.handlers import CHANNEL, EventHandler
from services.notifications.records import QUEUE_GROUP, SERVICE, records_of
from services.notifications.reminders import Reminders
from services.notifications.retention import kinds
from services.notifications.settings import NotificationSettings


async def run_worker(process: Process, settings: NotificationSettings) -> None:
    """Run the durable consumer and its probes until the process is stopped."""
    database = await Database.connect(settings.database_dsn, application="notifications-worker")
    try:
        await look_before_starting(database, package=PACKAGE)
        await _consume(process, settings, database)
    finally:
        await database.close()


async def _consume(process: Process, settings: NotificationSettings, database: Database) -> None:
    def lost() -> None:
        process.lose("connection to the broker")

    broker = event_broker(settings.nats, name="notifications-worker", on_closed=lost, on_refused=process.refuse)
    waker, clock = Waker(database, CHANNEL), SystemClock()
    handler = EventHandler(database, waker=waker, clock=clock)
    consumer = EventConsumer(Consumer(NOTIFICATIONS, handler.handle), broker=broker, topology=settings.topology)
    reminders = Reminders(database, waker=waker, clock=clock, hour=settings.reminder_hour, unread=lambda: consumer.lag)
    probes = Probes({"database": database.ping, "broker": lambda: _answers(broker)})
    client = await connect(settings.nats, name="notifications-records", on_closed=lost, on_refused=process.refuse)
    subject, tell = settings.topology.records(SERVICE), partial(records_of, database)
    try:
        async with ProbeServer(settings.probe_port, probes, host=settings.host), broker:
            await consumer.provisioned()
            await broker.start()
            async with answering(client, subject, QUEUE_GROUP, RecordsQuery, tell):
                process.started()
                nights = every_night(database, kinds(database, settings.retention), clock=clock)
                await process.until_stopped(reminders.run(), nights, consumer.watch(process.stopping))
    finally:
        await client.close()


async def _answers(broker: NatsBroker) -> None:
    if not await broker.ping(timeout=1.0):
        raise ConnectionError("the broker is away")
