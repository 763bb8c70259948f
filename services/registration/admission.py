"""Group commit: requests that wait while a batch is in flight are admitted together, by one transaction, in order of arrival.

A transaction a request would queue at the meetup's row, each paying its round trips and a disk flush under its lock: `make bench` shows
how many times fewer registrations a second. Whoever goes away while waiting loses nothing: the batch belongs to this desk, not to the request.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import asyncpg
from opentelemetry import trace

from chassis import logging, telemetry
from chassis.database import AWAY
from chassis.ids import uuid7
from chassis.problems import Unavailable
from services.registration.admitting import Asked, admit_batch
from services.registration.pacing import Pace
from services.registration.receipts import Application, Outcome
from services.registration.work import Work

BATCH = 256
QUEUE = 4096
PATIENCE = 5.0
"""Seconds for which a batch is tried again while the database is away."""

_PAUSES = (0.02, 0.1, 0.3, 0.6)

_log = logging.get(__name__)
_batch_size = telemetry.meter("admission").create_histogram(
    "rencontres.admission.batch.size",
    unit="{request}",
    description="Requests admitted by one transaction.",
    explicit_bucket_boundaries_advisory=(1, 2, 4, 8, 16, 32, 64, 128, 256),
)


class _Place:
    """A request in the queue, and the promise of its answer."""

    __slots__ = ("answer", "asked")

    def __init__(self, asked: Asked, answer: "asyncio.Future[Outcome]") -> None:
        self.asked = asked
        self.answer = answer

    def settle(self, outcome: Outcome | Exception) -> None:
        """Keep the promise, unless whoever waited for it has gone."""
        if self.answer.done():
            return
        if isinstance(outcome, Exception):
            self.answer.set_exception(outcome)
        else:
            self.answer.set_result(outcome)


class Admission:
    """The desk at which all registrations of this process arrive. Enter it to open, leave it to serve those who wait and close."""

    def __init__(self, work: Work, *, batch: int = BATCH, queue: int = QUEUE, patience: float = PATIENCE) -> None:
        self._work, self._batch, self._queue_limit, self._patience = work, batch, queue, patience
        self._queue: deque[_Place] = deque()
        self._arrived = asyncio.Event()
        self._closing = False
        self._clerk: asyncio.Task[None] | None = None
        self._pace = Pace()

    async def __aenter__(self) -> Self:
        self._clerk = asyncio.create_task(self._serve(), name="admission")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing = True
        self._arrived.set()
        if self._clerk is not None:
            await self._clerk

    async def ask(self, application: Application) -> Outcome:
        """Wait for the answer; once it is given it is durable.

        Raises:
            Refusal: what the rules say no to.
            NotFound: there is no such meetup, or it is a draft.
            Unavailable: too many wait, or the database does not answer. Asking again with the same key is safe.
        """
        if self._closing or len(self._queue) >= self._queue_limit:
            raise Unavailable(retry_after=1)
        place = _Place(
            Asked(application, id=uuid7(), trace=telemetry.current_trace()), asyncio.get_running_loop().create_future()
        )
        self._queue.append(place)
        self._arrived.set()
        outcome = await place.answer
        trace.get_current_span().set_attribute(telemetry.REFERENCE, outcome.receipt.reference)
        return outcome

    async def _serve(self) -> None:
        while not (self._closing and not self._queue):
            if not self._queue:
                self._arrived.clear()
                await self._arrived.wait()
                continue
            places = [self._queue.popleft() for _ in range(min(self._batch, len(self._queue)))]
            _batch_size.record(len(places))
            try:
                await self._admit(places)
            except Exception as error:  # noqa: BLE001 (the clerk outlives whatever happens to one batch)
                _log.error("a batch of admissions failed", requests=len(places), exc_info=error)
                for place in places:
                    place.settle(Unavailable())

    async def _admit(self, places: Sequence[_Place]) -> None:
        """Admit together; where that fails for a reason that may lie in one of them, apart."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            outcomes = await self._while_away([place.asked for place in places])
        except AWAY as error:
            _log.warning("the database does not answer", requests=len(places), exc_info=error)
            for place in places:
                place.settle(Unavailable())
        except asyncpg.PostgresError as error:
            if len(places) == 1:
                places[0].settle(error)
                return
            middle = len(places) // 2
            await self._admit(places[:middle])
            await self._admit(places[middle:])
        else:
            new = [outcome for outcome in outcomes if isinstance(outcome, Outcome) and not outcome.replayed]
            pretended = [outcome for outcome in new if outcome.pretended]
            took, registered = loop.time() - started, len(new) > len(pretended)
            held_back = self._pace.wait(took=took, registered=registered, pretended=bool(pretended))
            for place, outcome in zip(places, outcomes, strict=True):
                if held_back:
                    loop.call_later(held_back, place.settle, outcome)
                else:
                    place.settle(outcome)

    async def _while_away(self, batch: Sequence[Asked]) -> list[Outcome | Exception]:
        """Try again while the database is away or another batch was faster: keys make a second commit replay the first."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._patience
        attempt = 0
        while True:
            try:
                return await admit_batch(self._work, batch)
            except (*AWAY, asyncpg.IntegrityConstraintViolationError) as error:
                mine = isinstance(error, asyncpg.IntegrityConstraintViolationError) and attempt >= 2
                if mine or loop.time() > ends:
                    raise
                _log.info("a batch of admissions is tried again", requests=len(batch), exc_info=error)
                await asyncio.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])
                attempt += 1
