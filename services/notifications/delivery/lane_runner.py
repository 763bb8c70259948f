"""Lanes side by side over a few persistent connections. Within a lane in order: what is not accepted holds up what stands behind it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, takewhile

import structlog

from services.notifications.delivery.circuit import Circuit
from services.notifications.delivery.contacts import Contacts
from services.notifications.delivery.deliveries import Delivery, Lane
from services.notifications.delivery.mailer import Mailer, TryLater
from services.notifications.delivery.recorder import Record, Recorder
from services.notifications.delivery.smtp import Connection, ServerAway
from services.notifications.domain.notices import Kind
from services.notifications.outbound import Lines

# News of registrations to one organisation mean nothing to each other: a run of them goes over several connections, or a busy meetup's
# organiser would read them late (measured: 70 mails/s one after the other, at 100 registrations/s). Anything else waits its turn.
ABREAST = frozenset({Kind.NEW_REGISTRATION})
CONNECTIONS_A_LANE = 12

_log = structlog.get_logger(__name__)


class LaneRunner:
    """A connection is lent until its last mail is recorded, and the server gets no mail over it before the last one is.

    So at most as many mails as connections are ever sent and not recorded.
    """

    def __init__(self, *, connections: Iterable[Connection], mailer: Mailer, recorder: Recorder) -> None:
        self.circuit = Circuit()
        self._mailer, self._recorder = mailer, recorder
        self._connections = list(connections)
        self._idle: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for connection in self._connections:
            self._idle.put_nowait(connection)
        self._stopping = False

    async def run(self, lane: Lane, contacts: Contacts, lines: Lines) -> None:
        """Work through a lane, then give it back."""
        course = _Course.of(lane, contacts, lines)
        while course.begin_stretch():
            await asyncio.gather(*(self._strand(course) for _ in range(course.strands)))

    def stop(self) -> None:
        """Begin no further mail."""
        self._stopping = True

    async def close(self) -> None:
        """Close the connections; no lane may run any more."""
        await asyncio.gather(*(connection.close() for connection in self._connections))

    async def _strand(self, course: "_Course") -> None:
        """Send mails of the stretch over one connection. The last strand of the course gives the lane back."""
        async with self._connection() as connection:
            record = Record()
            while (delivery := self._next(course)) is not None:
                await self._attempt(delivery, connection, course, record)
            if course.end_strand() and _is_ours(course.lane):
                record.last = self._recorder.give_back(course.lane, retry_at=course.retry_at)
            await record.stands()

    def _next(self, course: "_Course") -> Delivery | None:
        if self._stopping or self.circuit.pause > 0 or not _is_ours(course.lane):
            course.halted = True
        return course.stretch.popleft() if course.stretch and not course.halted else None

    async def _attempt(self, delivery: Delivery, connection: Connection, course: "_Course", record: Record) -> None:
        try:
            await self._mailer.deliver(delivery, connection, course.contacts, course.lines, record)
        except TryLater as later:
            course.halted, course.retry_at = True, later.retry_at
        except ServerAway as error:
            course.halted = True
            self.circuit.failed()
            _log.warning("mail server away", reason=str(error), pause=round(self.circuit.pause, 1))
        else:
            self.circuit.worked()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        connection = await self._idle.get()
        try:
            yield connection
        finally:
            self._idle.put_nowait(connection)


def in_doubt(lane: Lane) -> int:
    """Return how many mails of a lane a sender may have had under way when it died: the first, or those that go abreast."""
    if not lane.deliveries:
        return 0
    abreast = takewhile(lambda delivery: delivery.kind in ABREAST, lane.deliveries)
    return max(1, min(sum(1 for _ in abreast), CONNECTIONS_A_LANE))


@dataclass(slots=True)
class _Course:
    """The way through one lane: stretches one after the other, each in one strand or, where order means nothing, in several."""

    lane: Lane
    contacts: Contacts
    lines: Lines
    ahead: deque[tuple[bool, list[Delivery]]]
    stretch: deque[Delivery] = field(default_factory=deque)
    strands: int = 0
    halted: bool = False
    retry_at: datetime | None = None

    @classmethod
    def of(cls, lane: Lane, contacts: Contacts, lines: Lines) -> "_Course":
        """Divide a lane; one without mails still has to be given back."""
        grouped = groupby(lane.deliveries, key=lambda delivery: delivery.kind in ABREAST)
        stretches = deque((abreast, list(deliveries)) for abreast, deliveries in grouped)
        return cls(lane, contacts, lines, stretches or deque([(False, [])]))

    def begin_stretch(self) -> bool:
        """Go on to the next stretch, if there is one to be gone."""
        if self.halted or not self.ahead:
            return False
        abreast, deliveries = self.ahead.popleft()
        self.stretch = deque(deliveries)
        self.strands = min(len(deliveries), CONNECTIONS_A_LANE) if abreast else 1
        return True

    def end_strand(self) -> bool:
        """Whether nothing of the course is left to do."""
        self.strands -= 1
        return self.strands == 0 and (self.halted or not self.ahead)


def _is_ours(lane: Lane) -> bool:
    """Whether the lease still stands; past it another sender may have the lane in hand."""
    return asyncio.get_running_loop().time() < lane.held_until
