"""What the projection writes: one batch, one transaction, into the set of tables it is told."""

from datetime import datetime
from typing import Final

from chassis.database import Connection, Database
from chassis.sql import load_queries
from contracts.meetup import MeetupState
from services.analytics.domain.batch import Batch

QUERIES: Final = load_queries("services.analytics")

LIVE: Final = "live"
REBUILT: Final = "rebuilt"


async def project(database: Database, batch: Batch, *, into: str) -> int:
    """Write one batch and return how many facts it changed. Repeating it changes nothing."""
    if batch.last_event_at is None:
        return 0
    async with database.transaction() as connection:
        await QUERIES.enter_set.execute(connection, into)
        return await _project(connection, batch, batch.last_event_at)


async def _project(connection: Connection, batch: Batch, last_event_at: datetime) -> int:
    meetups, registrations = batch.meetups, batch.registrations
    changed = await QUERIES.project.fetchval(
        connection,
        [m.meetup_id for m in meetups],
        [m.version for m in meetups],
        [m.slug for m in meetups],
        [m.title for m in meetups],
        [m.status for m in meetups],
        [m.territory for m in meetups],
        [m.starts_local for m in meetups],
        [m.starts_at for m in meetups],
        [m.ends_at for m in meetups],
        [m.capacity + (m.online_capacity or 0) for m in meetups],
        [m.seats_allowed + _online(m) for m in meetups],
        [m.demo for m in meetups],
        [m.visibility == "private" for m in meetups],
        [r.registration_id for r in registrations],
        [r.version for r in registrations],
        [r.meetup_id for r in registrations],
        [r.headcount for r in registrations],
        [r.status for r in registrations],
        [r.attended for r in registrations],
        [r.registered_at for r in registrations],
        last_event_at,
    )
    return int(str(changed))


def _online(meetup: MeetupState) -> int:
    """Return the seats allowed online beside those on site: a hybrid meetup has two rooms with the same overbooking."""
    return (meetup.online_capacity or 0) * (100 + meetup.overbooking_percent) // 100
