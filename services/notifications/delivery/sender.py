"""The sender: takes lanes that are ready, asks for the contacts of a batch, and works through the lanes side by side."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import structlog

from chassis.clock import Clock
from chassis.consumer import WORLD_AWAY
from chassis.wakeup import Listener
from services.notifications.delivery.circuit import Circuit
from services.notifications.delivery.contacts import Contacts, ContactsClient, RegistrationAway
from services.notifications.delivery.deliveries import Lane
from services.notifications.delivery.gauges import DOUBTFUL
from services.notifications.delivery.lane_runner import LaneRunner, in_doubt
from services.notifications.delivery.recorder import Recorder
from services.notifications.outbound import LEASE, Lines, Outbound

LANES_AT_ONCE = 64
_RENEW_EVERY = LEASE.total_seconds() / 4
_MARGIN = 2.0
_PAUSE = 0.5

_log = structlog.get_logger(__name__)


class Sender:
    """Runs until told to stop; then finishes the mails in hand and gives every lane back."""

    def __init__(
        self, *, outbound: Outbound, contacts: ContactsClient, runner: LaneRunner, recorder: Recorder, clock: Clock
    ) -> None:
        self._outbound, self._contacts, self._runner, self._recorder = outbound, contacts, runner, recorder
        self._clock = clock
        self.sources = Circuit()
        """Whether contacts and summaries can be read."""
        self._in_hand: dict[UUID, Lane] = {}
        self._batches: set[asyncio.Task[None]] = set()

    @property
    def mail_server(self) -> Circuit:
        """Whether mail can be handed over."""
        return self._runner.circuit

    async def run(self, stop: asyncio.Event, listener: Listener) -> None:
        """Send what is due, and whatever becomes due."""
        helpers = [asyncio.create_task(self._recorder.run()), asyncio.create_task(self._renew())]
        poking = asyncio.create_task(_poke_on(stop, listener))
        try:
            while not stop.is_set():
                pause = max(self._runner.circuit.pause, self.sources.pause)
                if pause > 0:
                    await _sleep(pause, stop)
                elif not await self._take(listener):
                    await listener.wait()
            self._runner.stop()
            if self._batches:
                await asyncio.wait(self._batches)
            await self._runner.close()
        finally:
            for task in (*helpers, poking, *self._batches):
                task.cancel()
            await asyncio.gather(*helpers, poking, *self._batches, return_exceptions=True)

    async def _take(self, listener: Listener) -> bool:
        """Claim what may be taken now; return whether there may be more."""
        wanted = self._allowed() - len(self._in_hand)
        if wanted <= 0:
            return False
        loop = asyncio.get_running_loop()
        try:
            held_until = loop.time() + LEASE.total_seconds() - _MARGIN
            claimed = await self._outbound.claim(lanes=wanted, now=self._clock.now(), held_until=held_until)
        except WORLD_AWAY as error:
            _log.warning("cannot claim", error=type(error).__name__)
            await asyncio.sleep(_PAUSE)
            return False
        lanes = self._accept(claimed)
        if lanes:
            task = asyncio.create_task(self._work(lanes, listener), name="lanes")
            self._batches.add(task)
            task.add_done_callback(self._batches.discard)
        return len(claimed) == wanted

    def _accept(self, claimed: Sequence[Lane]) -> list[Lane]:
        """Take lanes in hand, except those that are in hand already because a lease ended early: what they hold may be sent by now."""
        lanes = [lane for lane in claimed if not (lane.taken_over and lane.recipient_id in self._in_hand)]
        self._in_hand |= {lane.recipient_id: lane for lane in lanes}
        if left_behind := [lane for lane in lanes if lane.taken_over]:
            doubtful = sum(in_doubt(lane) for lane in left_behind)
            _log.warning("lanes taken over from a sender that died", lanes=len(left_behind), mails=doubtful)
            DOUBTFUL.add(doubtful)
        return lanes

    def _allowed(self) -> int:
        """One lane alone while it is not known whether the mail server and the registration service are back."""
        return LANES_AT_ONCE if self._runner.circuit.is_closed and self.sources.is_closed else 1

    async def _work(self, lanes: Sequence[Lane], listener: Listener) -> None:
        try:
            await self._send(lanes)
        finally:
            for lane in lanes:
                self._let_go(lane)
            listener.poke()

    def _let_go(self, lane: Lane) -> None:
        # It may have been given back, and claimed again, before the others of its batch were done.
        if self._in_hand.get(lane.recipient_id) is lane:
            del self._in_hand[lane.recipient_id]

    async def _send(self, lanes: Sequence[Lane]) -> None:
        deliveries = [delivery for lane in lanes for delivery in lane.deliveries]
        try:
            contacts = await self._contacts.of(deliveries)
            lines = await self._outbound.lines(deliveries)
        except (RegistrationAway, *WORLD_AWAY) as error:
            self.sources.failed()
            _log.warning("mail waits for what it needs", mails=len(deliveries), error=type(error).__name__)
            returned = [self._recorder.give_back(lane) for lane in lanes]
            await asyncio.gather(*(event.wait() for event in returned))
        else:
            self.sources.worked()
            await asyncio.gather(*(self._run(lane, contacts, lines) for lane in lanes))

    async def _run(self, lane: Lane, contacts: Contacts, lines: Lines) -> None:
        await self._runner.run(lane, contacts, lines)
        self._let_go(lane)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_EVERY)
            lanes = dict(self._in_hand)
            if not lanes:
                continue
            held_until = asyncio.get_running_loop().time() + LEASE.total_seconds() - _MARGIN
            try:
                ours = await self._outbound.renew(list(lanes.values()), now=self._clock.now())
            except WORLD_AWAY as error:
                _log.warning("cannot renew leases", error=type(error).__name__)
                continue
            for recipient_id in ours:
                lanes[recipient_id].held_until = held_until


async def _poke_on(stop: asyncio.Event, listener: Listener) -> None:
    await stop.wait()
    listener.poke()


async def _sleep(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
