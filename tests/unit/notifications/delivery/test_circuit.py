"""The pause for all while a server is away."""

import asyncio

from services.notifications.delivery.circuit import LONGEST_PAUSE, Circuit


async def test_failures_at_the_same_time_count_as_one() -> None:
    circuit = Circuit(luck=lambda: 1.0)
    for _ in range(8):
        circuit.failed()
    assert not circuit.is_closed
    assert 0.4 < circuit.pause <= 0.5


async def test_the_pause_grows_to_its_bound_and_ends_with_success() -> None:
    now = 0.0
    loop = asyncio.get_running_loop()
    real, loop.time = loop.time, lambda: now  # type: ignore[method-assign]
    try:
        circuit = Circuit(luck=lambda: 1.0)
        pauses = []
        for _ in range(8):
            circuit.failed()
            pauses.append(circuit.pause)
            now += circuit.pause
        assert pauses == [0.5, 1, 2, 4, 8, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]
        assert circuit.pause == 0
        circuit.worked()
        assert circuit.is_closed
    finally:
        loop.time = real  # type: ignore[method-assign]
