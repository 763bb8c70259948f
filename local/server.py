"""What the embedded servers have in common: start, wait until a probe succeeds, stop, start again."""

import asyncio
import signal
from abc import ABC, abstractmethod
from pathlib import Path

from local.child import Child, Command, log_tail
from local.failure import Failure

PROBE_INTERVAL = 0.02


class ServerDidNotStartError(Failure):
    """An embedded server ended or did not answer in time; the message holds the end of its log."""


class EmbeddedServer(ABC):
    """A server of somebody else's make, run as a child on a loopback port with its data in one folder."""

    name: str

    def __init__(self, folder: Path, *, port: int, log: Path | None = None) -> None:
        self.folder = folder.absolute()
        self.port = port
        self.log = log or self.folder / f"{self.name}.log"
        self._child: Child | None = None

    @abstractmethod
    async def prepare(self) -> None:
        """Bring the data folder into a state in which `command` can run. Harmless to repeat."""

    @abstractmethod
    def command(self) -> Command:
        """What runs the server."""

    @abstractmethod
    async def is_ready(self) -> bool:
        """Whether it serves now."""

    async def is_stuck(self) -> bool:
        """Whether only another start will make it work again."""
        return False

    @property
    def pid(self) -> int | None:
        """Process id of the running server, or `None`."""
        return self._child.pid if self._child is not None and self._child.exit_code is None else None

    async def start(self, *, timeout: float = 30.0) -> None:  # noqa: ASYNC109 - callers want the log's end in the error
        """Start and return when it serves. Raises `ServerDidNotStartError`."""
        if self.pid is not None:
            return
        await self.prepare()
        self._child = await Child.start(self.command())
        try:
            async with asyncio.timeout(timeout):
                await self._until_ready(self._child)
        except TimeoutError as error:
            await self._child.stop(grace=0)
            raise ServerDidNotStartError(f"{self._failure()} in {timeout:.0f} s") from error

    async def stop(self, *, grace: float = 20.0, signal_first: signal.Signals | None = None) -> None:
        """Stop it, cleanly unless another signal is given; harmless when it does not run."""
        if self._child is not None:
            await self._child.stop(grace=grace, signal_first=signal_first)

    async def _until_ready(self, child: Child) -> None:
        while not await self.is_ready():
            if child.exit_code is not None:
                raise ServerDidNotStartError(f"{self._failure()} (exit code {child.exit_code})")
            await asyncio.sleep(PROBE_INTERVAL)

    def _failure(self) -> str:
        return f"{self.name} did not start on port {self.port}; the end of {self.log}:\n{log_tail(self.log)}\n"
