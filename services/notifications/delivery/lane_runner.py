"""Lanes side by side over a few persistent connections. Within a lane strictly in order: what is not accepted holds up what stands behind it."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime

import structlog

from services.notifications.delivery.circuit import Circuit
from services.notifications.delivery.contacts import Contacts
from services.notifications.delivery.deliveries import Lane
from services.notifications.delivery.mailer import Mailer, Summaries, TryLater
from services.notifications.delivery.recorder import Record, Recorder
from services.notifications.delivery.smtp import Connection, ServerAway

_log = structlog.get_logger(__name__)


class LaneRunner:
    """A connection is lent to a lane until its last mail is recorded, and the server gets no mail before the last one is.

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

    async def run(self, lane: Lane, contacts: Contacts, summaries: Summaries) -> None:
        """Work through a lane, then give it back."""
        async with self._connection() as connection:
            record = Record()
            retry_at = await self._send_in_order(lane, connection, contacts, summaries, record)
            if _is_ours(lane):
                record.last = self._recorder.give_back(lane.recipient_id, retry_at=retry_at)
            await record.stands()

    def stop(self) -> None:
        """Begin no further mail."""
        self._stopping = True

    async def close(self) -> None:
        """Close the connections; no lane may run any more."""
        await asyncio.gather(*(connection.close() for connection in self._connections))

    async def _send_in_order(
        self, lane: Lane, connection: Connection, contacts: Contacts, summaries: Summaries, record: Record
    ) -> datetime | None:
        """Return when the lane is to be tried again, if its mail was not accepted."""
        for delivery in lane.deliveries:
            if self._stopping or self.circuit.pause > 0 or not _is_ours(lane):
                break
            try:
                await self._mailer.deliver(delivery, connection, contacts, summaries, record)
            except TryLater as later:
                return later.retry_at
            except ServerAway as error:
                self.circuit.failed()
                _log.warning("mail server away", reason=str(error), pause=round(self.circuit.pause, 1))
                break
            self.circuit.worked()
        return None

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        connection = await self._idle.get()
        try:
            yield connection
        finally:
            self._idle.put_nowait(connection)


def _is_ours(lane: Lane) -> bool:
    """Whether the lease still stands; past it another sender may have the lane in hand."""
    return asyncio.get_running_loop().time() < lane.held_until
