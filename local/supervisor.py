"""Keeps programs running: starts them, waits until they are ready, starts a crashed one again, stops them in reverse order.

Restarts wait longer each time, with jitter, and never more than `LONGEST_PAUSE`; a program that had been ready for a while
starts over with a short pause. A program that ends with a code of `HOPELESS` is not started again: its last words say what to change. Nothing it started outlives it (see `local.child`).
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from chassis.exits import HOPELESS
from local.child import Child, log_tail
from local.failure import Failure
from local.last_words import last_words
from local.life import Health
from local.program import Program
from local.server import ServerDidNotStartError

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
STEADY_AFTER = 30.0
CRASHES_BEFORE_FIRST_READY = 3
PROBE_INTERVAL = 0.05
STUCK_INTERVAL = 5.0
PATIENCE = 180.0  # a busy machine is slow; whoever waits sees what is ready already


class ProgramDidNotStartError(Failure):
    """A program kept ending, or was not ready in time, at its first start; the message holds the end of its log."""


class ProgramCannotRunError(Failure):
    """A program ended at its first start because of how it is configured; the message is its own line."""


@dataclass(slots=True)
class Watched:
    """A program's life so far."""

    program: Program
    health: Health = Health.STARTING
    restarts: int = 0
    child: Child | None = None
    reason: str = ""
    """Why it is not started again."""

    @property
    def pid(self) -> int | None:
        """Of the running process."""
        return self.child.pid if self.child is not None and self.child.exit_code is None else None


class Supervisor:
    """Runs programs in the groups in which they were started. `on_change` is called whenever one's life turns."""

    def __init__(self, *, on_change: Callable[[], None] = lambda: None, grace: float = 10.0) -> None:
        self._on_change = on_change
        self._grace = grace
        self._groups: list[list[_Keeper]] = []

    @property
    def watched(self) -> list[Watched]:
        """Every program, in the order of starting."""
        return [keeper.watched for group in self._groups for keeper in group]

    @property
    def stops_within(self) -> float:
        """Seconds that `stop` takes at most."""
        return self._grace * len(self._groups)

    async def start(self, *programs: Program, seconds: float = PATIENCE) -> None:
        """Start programs side by side; returns when each is ready. Raises `ProgramDidNotStartError` or `ProgramCannotRunError`."""
        group = [_Keeper(program, on_change=self._on_change) for program in programs]
        self._groups.append(group)
        for keeper in group:
            keeper.begin()
        ready = {keeper.first_ready: keeper for keeper in group}
        done, late = await asyncio.wait(ready, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for each in done:
            each.result()
        for each in late:
            raise ready[each].failure(f"was not ready in {seconds:.0f} s")

    async def stop(self) -> None:
        """Stop the last started group first; within a group, side by side."""
        while self._groups:
            await asyncio.gather(*(keeper.end(grace=self._grace) for keeper in self._groups[-1]))
            self._groups.pop()


class _Keeper:
    """One program and the task that keeps it running."""

    def __init__(self, program: Program, *, on_change: Callable[[], None]) -> None:
        self.watched = Watched(program)
        self.first_ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._on_change = on_change
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Keep it running from now on; a failure before it was ever ready ends up in `first_ready`."""
        self._task = asyncio.create_task(self._keep(), name=f"keep {self.watched.program.name}")
        self._task.add_done_callback(self._report_failure)

    async def end(self, *, grace: float) -> None:
        """Keep it no longer, and stop it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self.watched.child is not None:
            await self.watched.child.stop(grace=grace)
        self._turn(Health.STOPPED)

    def failure(self, what: str) -> ProgramDidNotStartError:
        """The error for `what` happened to it."""
        program = self.watched.program
        log = program.command().log
        return ProgramDidNotStartError(f"{program.name} {what}; the end of {log}:\n{log_tail(log)}")

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        pauses = Pauses()
        while True:
            started = loop.time()
            ended = await self._run_once()
            if self._exit_code in HOPELESS:
                self._give_up()
                return
            crashes = self.watched.restarts + 1
            if not self.first_ready.done() and crashes == CRASHES_BEFORE_FIRST_READY:
                raise self.failure(f"ended {crashes} times before it was ready ({ended})")
            if loop.time() - started > STEADY_AFTER:
                pauses = Pauses()
            self._turn(Health.PAUSED)
            await asyncio.sleep(pauses.next())
            self.watched.restarts += 1

    @property
    def _exit_code(self) -> int | None:
        return self.watched.child.exit_code if self.watched.child is not None else None

    def _give_up(self) -> None:
        """It cannot run as things are, and would say the same again and again."""
        program = self.watched.program
        self.watched.reason = last_words(program.command().log)
        if not self.first_ready.done():
            failure = ProgramCannotRunError(f"{program.name}: {self.watched.reason}")
            failure.exit_code = self._exit_code or 1
            raise failure
        self._turn(Health.STOPPED)

    async def _run_once(self) -> str:
        """One life of its process; returns how it ended."""
        try:
            await self.watched.program.prepare()
            child = self.watched.child = await Child.start(self.watched.program.command())
        except (OSError, ServerDidNotStartError) as error:
            if not self.first_ready.done():
                raise
            return str(error)
        self._turn(Health.STARTING)
        looking = asyncio.create_task(self._look_after(child))
        try:
            return f"exit code {await child.wait()}"
        finally:
            looking.cancel()

    async def _look_after(self, child: Child) -> None:
        program = self.watched.program
        while not await program.is_ready():  # noqa: ASYNC110 - another process has no event to give
            await asyncio.sleep(PROBE_INTERVAL)
        self._turn(Health.READY)
        if not self.first_ready.done():
            self.first_ready.set_result(None)
        while not await program.is_stuck():  # noqa: ASYNC110 - nor has it then
            await asyncio.sleep(STUCK_INTERVAL)
        await child.stop()

    def _report_failure(self, task: "asyncio.Task[None]") -> None:
        if self.first_ready.done():
            return
        if task.cancelled():
            self.first_ready.cancel()
        elif (error := task.exception()) is not None:
            self.first_ready.set_exception(error)

    def _turn(self, health: Health) -> None:
        self.watched.health = health
        self._on_change()


class Pauses:
    """How long to wait before each restart: doubling, bounded, with jitter so that programs do not come back in step."""

    def __init__(self) -> None:
        self._pause = FIRST_PAUSE

    def next(self) -> float:
        """Seconds to wait now; the following pause is twice as long."""
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        return pause * random.uniform(0.8, 1.2)  # noqa: S311 - nothing secret hangs on it
