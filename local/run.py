"""The life of a run in this process: start the network, say when it is ready, stop it on SIGTERM or Ctrl-C."""

import asyncio
import signal
from collections.abc import Callable

from local.configuration import Configuration
from local.network import Network
from local.run_state import RunLock, RunState


async def run(
    configuration: Configuration, *, say: Callable[[str], None], on_ready: Callable[[RunState], None]
) -> None:
    """Returns when it has been stopped; raises a `Failure` when it could not start, having stopped what had started."""
    told_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    with RunLock(configuration.data):
        network = Network(configuration, say=say)
        starting = asyncio.create_task(network.start())
        stopping = asyncio.create_task(told_to_stop.wait())
        try:
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                on_ready(network.state)
                await stopping
                say("stopping")
        finally:
            for task in (starting, stopping):
                task.cancel()
            await asyncio.gather(starting, stopping, return_exceptions=True)
            await network.stop()
