"""How many events of the stream are not in the reports yet: only the broker knows."""

import asyncio
from typing import Final

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from contracts.consumers import ANALYTICS
from contracts.subjects import Topology

_FRESH_FOR: Final = 0.5
_TIMEOUT: Final = 1.0


class Lag:
    """Asks the broker about the projector's consumer, at most twice a second whoever asks."""

    def __init__(self, js: JetStreamContext, topology: Topology) -> None:
        self._js, self._topology = js, topology
        self._behind: int | None = None
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()

    async def behind(self) -> int | None:
        """Events not applied yet; None when the broker does not say, or there is no consumer."""
        async with self._asking:
            now = asyncio.get_running_loop().time()
            if now - self._asked_at > _FRESH_FOR:
                self._behind = await self._ask()
                self._asked_at = asyncio.get_running_loop().time()
            return self._behind

    async def ping(self) -> None:
        """Return when the stream can be seen; raise what stands in the way."""
        await self._js.stream_info(self._topology.events_stream)

    async def _ask(self) -> int | None:
        try:
            async with asyncio.timeout(_TIMEOUT):
                info = await self._js.consumer_info(self._topology.events_stream, ANALYTICS.name)
        except (NotFoundError, NatsError, TimeoutError):
            return None
        return (info.num_pending or 0) + (info.num_ack_pending or 0)
