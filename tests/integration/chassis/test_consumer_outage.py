"""While the world is away a consumer waits: nothing is given up, and no try of a handler is used up."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise

from nats.js import JetStreamContext

from chassis import dead_letters
from chassis.consumer import WorldAway
from contracts.envelope import Event
from contracts.subjects import Topology
from tests.fixtures.events import registration_event
from tests.integration.chassis.consuming import (
    Consuming,
    Received,
    consuming,
    impatient,
    publish,
)

__all__ = ["consuming", "impatient"]


async def test_while_the_world_is_away_events_come_again_with_a_pause_and_are_never_given_up(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    attempts, loop, times = 6, asyncio.get_running_loop(), list[float]()

    def away(_: Sequence[Event]) -> Exception | None:
        times.append(loop.time())
        return ConnectionRefusedError() if len(times) < attempts else None

    event = registration_event()
    handler = Received(away)
    async with consuming(handler):
        await publish(js, topology, event)
        await handler.until(lambda h: bool(h.handled))

    assert handler.calls == [[event.id]] * attempts, "more often than a failing handler is tried"
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.04
    assert await dead_letters.list_all(js, topology) == []


async def test_an_outage_uses_up_none_of_the_tries_of_a_handler_that_fails(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    outcomes = [*[ConnectionRefusedError()] * 4, KeyError(), None]
    handler = Received(lambda _: outcomes.pop(0))
    async with consuming(handler):
        await publish(js, topology, registration_event())
        await handler.until(lambda h: bool(h.handled))

    assert not outcomes
    assert await dead_letters.list_all(js, topology) == []


async def test_a_handler_may_say_itself_that_the_world_is_away(
    consuming: Consuming, js: JetStreamContext, topology: Topology
) -> None:
    handler = Received(lambda _: None if len(handler.calls) > 4 else WorldAway())
    async with consuming(handler):
        await publish(js, topology, registration_event())
        await handler.until(lambda h: bool(h.handled))

    assert await dead_letters.list_all(js, topology) == []
