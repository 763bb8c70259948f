"""One child process: its own process group, its output in a log file, and no way to outlive the process that started it."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to run and how it wants to be ended.

    `stop_signal` asks for a clean end; `orphan_signal` is what the kernel sends when the parent dies (Linux only).
    Standard output goes to `output` when that is set, and to the log like the rest when not. `user` is a numeric user (and group) to run as, `None` for the caller's own.
    """

    argv: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    user: int | None = None
    output: Path | None = None


class Child:
    """A started command. Start it from the main thread: the kernel ties it to the thread that forked it."""

    def __init__(self, command: Command, process: asyncio.subprocess.Process) -> None:
        self.command = command
        self._process = process

    @classmethod
    async def start(cls, command: Command) -> "Child":
        """Run the command; its output is appended to its log."""
        command.log.parent.mkdir(parents=True, exist_ok=True)
        with command.log.open("ab") as log, (command.output or command.log).open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *command.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=log,
                env={**os.environ, **command.environment},
                process_group=0,
                user=command.user,
                group=command.user,
                extra_groups=None if command.user is None else [],
                preexec_fn=_die_with_parent(command.orphan_signal),
            )
        return cls(command, process)

    @property
    def pid(self) -> int:
        """Its process id, which is its process group's too."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """`None` while it runs; negative when a signal ended it."""
        return self._process.returncode

    async def wait(self) -> int:
        """Return its exit code once it has ended."""
        return await self._process.wait()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, not to its group; nothing happens when it has ended."""
        if self.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    async def stop(self, *, grace: float = 10.0, signal_first: signal.Signals | None = None) -> int:
        """Ask it to end, and kill its whole group when it has not within `grace` seconds. Returns the exit code."""
        self.send(signal_first or self.command.stop_signal)
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(self.wait(), grace)
        self.kill()
        return await self.wait()

    def kill(self) -> None:
        """End the whole group at once."""
        if self.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)


def log_tail(log: Path, *, lines: int = 15) -> str:
    """The last lines of a log, for an error message."""
    if not log.exists():
        return f"({log} does not exist)"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16_384))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


def _die_with_parent(orphan_signal: signal.Signals) -> Callable[[], None] | None:
    """What runs between fork and exec; prepared here, since little is safe to do there."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, int(orphan_signal))
        if os.getppid() != parent:  # it died before we were tied to it
            os._exit(1)

    return tie
