"""Events in: what they say is copied, and the mails they call for are written down, in one transaction. The sender does the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chassis.clock import Clock
from chassis.database import Database
from chassis.inbox import first_seen
from chassis.wakeup import Waker
from contracts.consumers import NOTIFICATIONS
from contracts.envelope import Event
from services.notifications import inbound
from services.notifications.domain.digest import digest
from services.notifications.retention import note_holds

CHANNEL = "deliveries"


@dataclass(frozen=True, slots=True)
class EventHandler:
    """The handler of the durable consumer `notifications`."""

    database: Database
    waker: Waker = field(repr=False)
    clock: Clock

    async def handle(self, events: Sequence[Event]) -> None:
        """Act on a batch, once for each event however often it comes."""
        now = self.clock.now()
        async with self.database.transaction() as connection:
            await inbound.take_turn(connection)
            new = await first_seen(connection, consumer=NOTIFICATIONS.name, event_ids=[event.id for event in events])
            fresh = list({event.id: event for event in events if event.id in new}.values())
            if not fresh:
                return
            await note_holds(connection, fresh)
            copies = await inbound.load(connection, fresh)
            result = digest(fresh, copies, now=now)
            await inbound.save(connection, copies, result, now=now)
        if result.notices:
            self.waker.wake()
