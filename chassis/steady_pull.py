"""A FastStream broker whose batches survive the end of their time, and the end of their process.

FastStream 0.7.8 stops by dropping the batch that is being gathered, which the broker sends to another replica only after `ack_wait` (a mail
late by 15 s at each restart): ours lets every subscription handle what it has, and gives back what it was sent too late.

nats-py 2.16 ends some fetches with the built-in TimeoutError and FastStream 0.7.8 expects the client's own: its loop died, what the
batch already held was dropped, and came again only after `ack_wait` (seen as pauses of 15 s in about one batch in thirty).
"""

import asyncio
from types import TracebackType

import nats.errors
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.client import DEFAULT_JS_SUB_PENDING_BYTES_LIMIT, DEFAULT_JS_SUB_PENDING_MSGS_LIMIT

SHORTEST_FETCH = 0.001
"""Seconds. nats-py takes 0.1 ms off the expiry it asks for; below that the server refuses the request."""


FINISHES_WITHIN = 10.0
"""Seconds that a batch under way may take once a stop was asked for; what is not acknowledged then comes again."""


class SteadyBroker(NatsBroker):
    """Its pull subscriptions are `SteadyPull`."""

    _stream: "_SteadyJetStream | None" = None

    async def _connect(self) -> Client:
        connection = await super()._connect()
        self._stream = _SteadyJetStream(connection)
        self.config.connection_state.connect(connection, self._stream)
        return connection

    async def stop(
        self,
        exc_type: type[BaseException] | None = None,
        exc_val: BaseException | None = None,
        exc_tb: TracebackType | None = None,
    ) -> None:
        """Finish what was begun, then stop."""
        if self._stream is not None and (pulls := self._stream.pulls) and exc_type is None:
            await asyncio.wait([asyncio.create_task(pull.finish()) for pull in pulls], timeout=FINISHES_WITHIN)
        await super().stop(exc_type, exc_val, exc_tb)


class SteadyPull(JetStreamContext.PullSubscription):
    """Ends a fetch in one way only, and its work with nothing in hand."""

    _finished: asyncio.Event | None = None
    """There once it is to finish, set when it has."""
    _batch_is_cut = False

    async def finish(self) -> None:
        """Ask for nothing more; return once the batch under way is handled and everything else is given back."""
        self._finished = asyncio.Event()
        await self._finished.wait()

    async def fetch(
        self,
        batch: int = 1,
        timeout: float | None = 5,  # noqa: ASYNC109 - it is the client's own signature
        heartbeat: float | None = None,
    ) -> list[Msg]:
        """Fetch up to `batch` messages. Raises nats.errors.TimeoutError when none came in time."""
        if self._finished is not None:
            await self._part(self._finished)
        if (ready := self._ready(batch)) is not None:
            return ready
        if timeout is not None and timeout < SHORTEST_FETCH:
            raise nats.errors.TimeoutError
        try:
            return await super().fetch(batch, timeout, heartbeat)
        except TimeoutError as error:
            raise nats.errors.TimeoutError from error

    async def _part(self, finished: asyncio.Event) -> None:
        """The loop that fetches handles what it has when a fetch finds nothing: whoever comes back after that has nothing in hand."""
        if not self._batch_is_cut:
            self._batch_is_cut = True
            raise nats.errors.TimeoutError
        await self._nc.flush()  # what the server has sent for fetches that had ended is here now
        while not self._sub._pending_queue.empty():  # noqa: SLF001
            message = self._sub._pending_queue.get_nowait()  # noqa: SLF001
            if not JetStreamContext.is_status_msg(message):
                await message.nak()
        finished.set()
        await asyncio.Event().wait()  # until the loop is cancelled

    def _ready(self, batch: int) -> list[Msg] | None:
        """A whole batch that lies here already, left by a fetch that had ended: nats-py would ask the server for a negative number."""
        queue = self._sub._pending_queue  # noqa: SLF001 - there is no other way to it
        if queue.qsize() < batch:
            return None
        messages: list[Msg] = []
        while len(messages) < batch and not queue.empty():
            message = queue.get_nowait()
            self._sub._pending_size -= len(message.data)  # noqa: SLF001
            if not JetStreamContext.is_status_msg(message):
                messages.append(message)
        return messages or None


class _SteadyJetStream(JetStreamContext):
    def __init__(self, connection: Client) -> None:
        super().__init__(connection)
        self.pulls: list[SteadyPull] = []

    async def pull_subscribe_bind(
        self,
        consumer: str | None = None,
        stream: str | None = None,
        inbox_prefix: bytes | None = None,  # noqa: ARG002 - it is the client's own signature
        pending_msgs_limit: int = DEFAULT_JS_SUB_PENDING_MSGS_LIMIT,
        pending_bytes_limit: int = DEFAULT_JS_SUB_PENDING_BYTES_LIMIT,
        name: str | None = None,
        durable: str | None = None,
    ) -> JetStreamContext.PullSubscription:
        # FastStream hands on a prefix of its own, `_INBOX.`: None is the client's, the only one its user may listen to.
        subscription = await super().pull_subscribe_bind(
            consumer, stream, None, pending_msgs_limit, pending_bytes_limit, name, durable
        )
        subscription.__class__ = SteadyPull
        assert isinstance(subscription, SteadyPull)  # noqa: S101 - since the line before
        self.pulls.append(subscription)
        return subscription
