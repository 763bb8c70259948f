"""Writes down what became of mails. All that lanes note while one transaction is under way goes into the next one: group commit.

A mail that was accepted must be recorded, or it would be sent again: while the database is away the recorder holds on and tries again.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog

from chassis.clock import Clock
from chassis.consumer import WORLD_AWAY
from services.notifications.delivery.deliveries import Lane
from services.notifications.outbound import Outbound, Return, Verdict

_PAUSE = 0.25

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Page:
    """What will be written together."""

    sent: list[UUID] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    written: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Record:
    """What one lane has noted: `last` is when its last note will stand, and with it all before."""

    last: asyncio.Event | None = None

    async def stands(self) -> None:
        """Return once nothing noted is unwritten."""
        if self.last is not None:
            await self.last.wait()


class Recorder:
    """What is noted goes into the page to be written next. Each call returns the event that is set once that page stands."""

    def __init__(self, outbound: Outbound, clock: Clock) -> None:
        self._outbound, self._clock = outbound, clock
        self._page = _Page()
        self._noted = asyncio.Event()

    def sent(self, delivery_id: UUID) -> asyncio.Event:
        """The server has accepted a mail."""
        self._page.sent.append(delivery_id)
        return self._to_be_written()

    def not_sent(self, verdict: Verdict) -> asyncio.Event:
        """A mail was not accepted, or is no longer wanted."""
        self._page.verdicts.append(verdict)
        return self._to_be_written()

    def give_back(self, lane: Lane, *, retry_at: datetime | None = None) -> asyncio.Event:
        """A lane is no longer in hand."""
        self._page.returns.append(Return(lane.recipient_id, lane.claim, retry_at))
        return self._to_be_written()

    async def run(self) -> None:
        """Write page after page until cancelled."""
        while True:
            await self._noted.wait()
            self._noted.clear()
            page, self._page = self._page, _Page()
            await self._write(page)
            page.written.set()

    def _to_be_written(self) -> asyncio.Event:
        self._noted.set()
        return self._page.written

    async def _write(self, page: _Page) -> None:
        while True:
            try:
                await self._outbound.record(
                    sent=page.sent, verdicts=page.verdicts, returns=page.returns, now=self._clock.now()
                )
            except WORLD_AWAY as error:
                _log.warning("cannot record yet", mails=len(page.sent), error=type(error).__name__)
                await asyncio.sleep(_PAUSE)
            else:
                return
