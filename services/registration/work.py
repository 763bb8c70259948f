"""What every use case stands on: one transaction in which state and events are written together, or not at all.

async with work.transaction() as tx:      # load under lock → domain → store
...
tx.tell([event])                      # staged with the commit
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from chassis.clock import Clock
from chassis.database import Connection, Database
from chassis.outbox import stage
from chassis.wakeup import Waker
from contracts.envelope import Event
from contracts.retention import Retention
from contracts.subjects import Topology
from services.registration.domain.ledgers import Deadlines


@dataclass(slots=True)
class Transaction:
    """One use case under way: its connection, and what it will have to tell."""

    connection: Connection
    clock: Clock
    deadlines: Deadlines
    events: list[Event] = field(default_factory=list)

    def now(self) -> datetime:
        """Return the present. Ask after the lock was taken: waiting for it may have outlasted a deadline."""
        return self.clock.now()

    def tell(self, events: Iterable[Event]) -> None:
        """Add to what this transaction makes true, in order."""
        self.events.extend(events)


@dataclass(frozen=True, slots=True)
class Work:
    """Database, clock and outbox of a process, as the composition root wired them."""

    database: Database
    topology: Topology
    clock: Clock
    deadlines: Deadlines
    waker: Waker
    retention: Retention = field(default_factory=Retention)
    nats_url: str = ""
    """Where other services are asked; only exports do."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Run a use case: commit state and events together at the end, wake the relay afterwards; any exception undoes all."""
        async with self.database.transaction() as connection:
            transaction = Transaction(connection, self.clock, self.deadlines)
            yield transaction
            await stage(connection, transaction.events, self.topology)
        if transaction.events:
            self.waker.wake()
