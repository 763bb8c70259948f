"""A relay in a process of its own, to be killed: `python -m tests.integration.chassis.relay_process DSN NATS_URL PREFIX`."""

import asyncio
import sys

from chassis.relay import Relay
from contracts.subjects import Topology
from tests.integration.chassis.conftest import client


async def main(dsn: str, url: str, prefix: str) -> None:
    """Relay until killed."""
    async with client(url) as js:
        await Relay(dsn=dsn, js=js, topology=Topology(prefix), batch=7).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
