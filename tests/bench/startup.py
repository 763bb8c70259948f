"""From nothing to healthy: `rencontres up --detach` on an empty data folder, packages installed, demo programme included."""

import asyncio
import sys
import time

from tests.bench.figures import Figure, Limit
from tests.bench.ground import Ground
from tests.fixtures.arena import free_base

LIMIT = 20.0


async def measure(ground: Ground) -> list[Figure]:
    """Return the seconds it takes."""
    data = ground.folder / "startup"
    began = time.perf_counter()
    code = await _rencontres("up", "--detach", "--data", str(data), "--port-base", str(free_base()))
    seconds = time.perf_counter() - began
    await _rencontres("down", "--data", str(data))
    if code:
        raise RuntimeError(f"up ended with {code}")
    return [Limit("up, from nothing to healthy", seconds, LIMIT, "s")]


async def _rencontres(*arguments: str) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "local", *arguments, stdout=asyncio.subprocess.DEVNULL
    )
    return await process.wait()
