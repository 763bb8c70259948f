"""What the supervisor can keep running: an embedded server, or a Python process that answers `/readyz`."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx

from local.child import Command
from local.ports import LOOPBACK


class Program(Protocol):
    """At every start `prepare` comes first, then `command` is run and `is_ready` asked until it says yes."""

    @property
    def name(self) -> str:
        """Unique in a run; names its log."""
        ...

    async def prepare(self) -> None:
        """Make what it stands on. Harmless to repeat."""
        ...

    def command(self) -> Command:
        """What to run."""
        ...

    async def is_ready(self) -> bool:
        """Whether it serves now."""
        ...

    async def is_stuck(self) -> bool:
        """Whether it was ready and runs, and yet only another start will make it work again."""
        ...


@dataclass(frozen=True, kw_only=True)
class PythonProcess:
    """`python -m <argv>` with its probes on a loopback port."""

    name: str
    argv: tuple[str, ...]
    port: int
    log: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://{LOOPBACK}:{self.port}"

    async def prepare(self) -> None:
        """Nothing: its migrations are steps of the network."""

    def command(self) -> Command:
        """The interpreter that runs us runs it too."""
        return python_command(*self.argv, log=self.log, environment=self.environment)

    async def is_ready(self) -> bool:
        """Whether `/readyz` says yes."""
        return await answers(f"{self.url}/readyz")

    async def is_stuck(self) -> bool:
        """Never: a process of ours that lost what it needs ends."""
        return False


def python_command(*argv: str, log: Path, environment: dict[str, str]) -> Command:
    """`python -m …` as a child."""
    return Command(argv=(sys.executable, "-m", *argv), log=log, environment=environment)


async def answers(url: str, *, seconds: float = 2.0) -> bool:
    """Whether a GET of the URL, plain HTTP on this machine, succeeds."""
    try:
        return (await get(url, seconds=seconds)).is_success
    except httpx.HTTPError:
        return False


async def get(url: str, *, seconds: float = 2.0) -> httpx.Response:
    """GET a URL, plain HTTP on this machine. Raises httpx.HTTPError."""
    # There is nothing to verify, and reading the world's authorities takes 22 ms of CPU: each time, of the cores that all start on.
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=seconds) as http:  # noqa: S501
        return await http.get(url)
