"""A FastStream broker whose batches survive the end of their time.

nats-py 2.16 ends some fetches with the built-in TimeoutError and FastStream 0.7.8 expects the client's own: its loop died, what the
batch already held was dropped, and came again only after `ack_wait` (seen as pauses of 15 s in about one batch in thirty).
"""

import nats.errors
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.client import DEFAULT_JS_SUB_PENDING_BYTES_LIMIT, DEFAULT_JS_SUB_PENDING_MSGS_LIMIT

SHORTEST_FETCH = 0.001
"""Seconds. nats-py takes 0.1 ms off the expiry it asks for; below that the server refuses the request."""


class SteadyBroker(NatsBroker):
    """Its pull subscriptions are `SteadyPull`."""

    async def _connect(self) -> Client:
        connection = await super()._connect()
        self.config.connection_state.connect(connection, _SteadyJetStream(connection))
        return connection


class SteadyPull(JetStreamContext.PullSubscription):
    """Ends a fetch in one way only."""

    async def fetch(
        self,
        batch: int = 1,
        timeout: float | None = 5,  # noqa: ASYNC109 - it is the client's own signature
        heartbeat: float | None = None,
    ) -> list[Msg]:
        """Fetch up to `batch` messages. Raises nats.errors.TimeoutError when none came in time."""
        if (ready := self._ready(batch)) is not None:
            return ready
        if timeout is not None and timeout < SHORTEST_FETCH:
            raise nats.errors.TimeoutError
        try:
            return await super().fetch(batch, timeout, heartbeat)
        except TimeoutError as error:
            raise nats.errors.TimeoutError from error

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
        return subscription
