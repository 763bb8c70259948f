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

    @property
    def is_empty(self) -> bool:
        return not (self.sent or self.verdicts or self.returns)


class Recorder:
    """Note first, then wait until `written`: pages are written one after the other, so that all noted before stands by then."""

    def __init__(self, outbound: Outbound, clock: Clock) -> None:
        self._outbound, self._clock = outbound, clock
        self._page = _Page()
        self._asked = asyncio.Event()

    def sent(self, delivery_id: UUID) -> None:
        """The server has accepted a mail."""
        self._page.sent.append(delivery_id)

    def not_sent(self, verdict: Verdict) -> None:
        """A mail was not accepted, or is no longer wanted."""
        self._page.verdicts.append(verdict)

    def give_back(self, recipient_id: UUID, *, retry_at: datetime | None = None) -> None:
        """A lane is no longer in hand."""
        self._page.returns.append(Return(recipient_id, retry_at))

    async def written(self) -> None:
        """Return once all that was noted stands in the database."""
        page = self._page
        self._asked.set()
        await page.written.wait()

    async def run(self) -> None:
        """Write page after page until cancelled."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            page, self._page = self._page, _Page()
            if not page.is_empty:
                await self._write(page)
            page.written.set()

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
