"""Reading the stream from its first event, in order, without moving anybody's position in it."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

import nats.errors
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from contracts.consumers import REBUILD
from contracts.subjects import Topology

FETCH: Final = 1000
_PATIENCE: Final = 1.0
_FORGET_AFTER: Final = 60.0


class StreamIncomplete(Exception):
    """Raised when the stream no longer holds its first events. Publish them again (`rencontres republish`), then rebuild."""


class ReplayBroken(Exception):
    """Raised when events went missing between the broker and us, or the stream vanished. Nothing was changed; run it again."""


class Replay:
    """The one reader of the stream that a rebuild may have, from its first event to wherever the end is when it gets there.

    Opening another ends the one before: hold the claim of a rebuild.
    """

    def __init__(self, subscription: JetStreamContext.PullSubscription) -> None:
        self._subscription = subscription
        self._seen = 0

    @classmethod
    async def open(cls, js: JetStreamContext, topology: Topology, *, aggregates: tuple[str, ...]) -> "Replay":
        """Start before the first event. Raises StreamIncomplete, ReplayBroken."""
        try:
            stream = await js.stream_info(topology.events_stream)
        except NotFoundError as error:
            raise ReplayBroken("there is no stream of events") from error
        if stream.state.first_seq > 1:
            raise StreamIncomplete(f"the stream starts at event {stream.state.first_seq}")
        with suppress(NotFoundError):  # of a rebuild that was killed
            await js.delete_consumer(topology.events_stream, REBUILD)
        config = ConsumerConfig(
            name=REBUILD,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.NONE,
            filter_subjects=topology.events_of(*aggregates),
            inactive_threshold=_FORGET_AFTER,
            mem_storage=True,
        )
        await js.add_consumer(topology.events_stream, config)
        return cls(await js.pull_subscribe_bind(REBUILD, stream=topology.events_stream))

    @property
    def seen(self) -> int:
        """Events read so far."""
        return self._seen

    async def remaining(self) -> int:
        """Events not read yet."""
        return int((await self._subscription.consumer_info()).num_pending or 0)

    async def batches(self) -> AsyncIterator[list[Msg]]:
        """Read on to the end of the stream; may be called again once there is more. Raises ReplayBroken."""
        while True:
            try:
                messages = await self._subscription.fetch(FETCH, timeout=_PATIENCE)
            except (nats.errors.TimeoutError, TimeoutError):
                if await self._is_at_end():
                    return
                continue
            self._count(messages)
            yield messages
            if messages[-1].metadata.num_pending == 0:
                return

    async def close(self) -> None:
        """Stop reading; the broker forgets this reader before long."""
        await self._subscription.unsubscribe()

    def _count(self, messages: list[Msg]) -> None:
        for message in messages:
            self._seen += 1
            if message.metadata.sequence.consumer != self._seen:
                raise ReplayBroken(f"event {self._seen} of the replay did not arrive")

    async def _is_at_end(self) -> bool:
        try:
            info = await self._subscription.consumer_info()
        except NotFoundError as error:
            raise ReplayBroken("the broker lost the reader") from error
        delivered = info.delivered.consumer_seq if info.delivered else 0
        if not info.num_pending and delivered > self._seen:
            raise ReplayBroken(f"{delivered - self._seen} events did not arrive")
        return not info.num_pending
