"""What operators watch of outgoing mail."""

from datetime import datetime

from chassis import telemetry
from chassis.database import Database
from services.notifications.queries import QUERIES

WAITING = telemetry.Gauge("rencontres.deliveries.waiting", description="Mails that are due and not sent yet.")
AGE = telemetry.Gauge("rencontres.delivery.age", unit="s", description="How long the oldest waiting mail has been due.")
FAILED = telemetry.Gauge(
    "rencontres.deliveries.failed", description="Mails that were given up, until an operator sends them again."
)

_meter = telemetry.meter("deliveries")
SENT = _meter.create_counter("rencontres.mails.sent", description="Mails accepted by the mail server.")
REFUSED = _meter.create_counter("rencontres.mails.refused", description="Tries that the mail server did not accept.")
DOUBTFUL = _meter.create_counter(
    "rencontres.mails.doubtful",
    description="Mails sent again without knowing whether an earlier try was accepted: at most so many were doubled.",
)
DELAY = _meter.create_histogram(
    "rencontres.mail.delay",
    unit="s",
    description="From the moment a mail is due until it is accepted.",
    explicit_bucket_boundaries_advisory=[0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
)


async def report(database: Database, now: datetime) -> None:
    """Set the gauges from the database."""
    async with database.connection() as connection:
        row = await QUERIES.backlog.fetchrow(connection, now)
    if row is not None:
        WAITING.set(row["waiting"])
        AGE.set(row["age"])
        FAILED.set(row["failed"])
