"""Reminders, decided when they are due: a sweep looks at the copies as they are then, so nothing planned ever has to be undone.

Several workers may sweep; they take turns with each other and with the handler, and a reminder that exists is not made again. After an
outage the events that waited come first: among them are the cancellations.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import time

import structlog

from chassis import telemetry
from chassis.clock import Clock
from chassis.consumer import WORLD_AWAY
from chassis.database import Connection, Database
from chassis.wakeup import Waker
from services.notifications import inbound
from services.notifications.domain.reminding import HORIZON, LATEST, Occasion, confirmed_by, is_due, reminder
from services.notifications.queries import QUERIES

EVERY = 5.0
BATCH = 500
MANY = 500
"""More unread events than one batch takes are a backlog; fewer are gone before the next sweep."""

_log = structlog.get_logger(__name__)
_tracer = telemetry.tracer("reminders")


@dataclass(frozen=True, slots=True)
class Reminders:
    """Makes the reminders that are due; `hour` is on the clock of each venue, `unread` tells how many events wait (None: not known)."""

    database: Database
    waker: Waker = field(repr=False)
    clock: Clock
    hour: time
    unread: Callable[[], int | None]

    async def run(self, *, every: float = EVERY) -> None:
        """Sweep until cancelled. The first pause is for the events to be counted."""
        while True:
            await asyncio.sleep(every)
            unread = self.unread()
            if unread is None or unread > MANY:
                continue
            try:
                while await self.sweep() == BATCH:
                    pass
            except WORLD_AWAY as error:
                _log.warning("reminders wait", error=type(error).__name__)

    async def sweep(self) -> int:
        """Make up to `BATCH` reminders and return how many. A full batch means there may be more."""
        async with self.database.connection() as connection:
            due = await self._due(connection)
        if not due:
            return 0
        # What was read is a hint: it is read again once no event can come in between.
        async with self.database.transaction() as connection:
            await inbound.take_turn(connection)
            made = await self._remind(connection, await self._due(connection))
        if made:
            self.waker.wake()
        return made

    async def _due(self, connection: Connection) -> Sequence[Occasion]:
        now = self.clock.now()
        rows = await QUERIES.meetups_to_come.fetch(connection, now + LATEST, now + HORIZON)
        occasions = [Occasion(**dict(row)) for row in rows]
        return [occasion for occasion in occasions if is_due(occasion, hour=self.hour, now=now)]

    async def _remind(self, connection: Connection, due: Sequence[Occasion]) -> int:
        rows = await QUERIES.registrations_to_remind.fetch(
            connection,
            [occasion.meetup_id for occasion in due],
            [confirmed_by(occasion, hour=self.hour) for occasion in due],
            [occasion.day for occasion in due],
            BATCH,
        )
        if not rows:
            return 0
        about, now = {occasion.meetup_id: occasion for occasion in due}, self.clock.now()
        references = {telemetry.REFERENCES: [row["reference"] for row in rows]}
        with _tracer.start_as_current_span("remind", attributes=references):
            trace = telemetry.current_trace()
            notices = [
                reminder(
                    about[row["meetup_id"]],
                    registration_id=row["registration_id"],
                    person_id=row["person_id"],
                    now=now,
                    trace=trace,
                )
                for row in rows
            ]
            await inbound.add(connection, notices, now=now)
        return len(notices)
