"""The life of one process: loop, logs, telemetry, signals, and an exit code that says what to do next.

Crash-only: a process that loses what it stands on ends, and whoever started it starts it again.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import NoReturn, TypeVar

import nats.errors
import uvloop
from starlette.types import ASGIApp

from chassis import logging, telemetry
from chassis.database import LOST as DATABASE_LOST
from chassis.diagnosis import diagnose
from chassis.discretion import describe
from chassis.exits import Exit, Lost, NotAllowed, Unreachable
from chassis.health import Probes
from chassis.serving import Server

GRACE = 20.0
"""Seconds that work under way may take after a stop was asked for."""
_AFTER_GRACE = 3.0
STOPS_WITHIN = GRACE + _AFTER_GRACE
"""Seconds that a process takes to end at most, besides those for which it drains."""
_DEPENDENCY_ERRORS = (*DATABASE_LOST, nats.errors.Error)

_SAYS = {Exit.CONFIGURATION: "cannot run as configured"}

_log = logging.get(__name__)


class Process:
    """What the main function of a process is given."""

    def __init__(self, *, service: str, name: str) -> None:
        self.service = service
        self.name = name
        self.stopping = asyncio.Event()
        """Set once the process shall end: finish what is under way, take no new work."""
        self.has_started = False
        self._drain = 0.0
        self._lost: str | None = None
        self.refusal: str | None = None
        """What the broker refused before everything needed was found."""

    def started(self) -> None:
        """Say that everything needed was found: from now on, losing it ends with LOST instead of UNREACHABLE.

        Raises what `check` raises: it was not.
        """
        self.check()
        self.has_started = True
        _log.info("started")

    def lose(self, what: str) -> None:
        """End the process because `what` is gone for good; may be called from a callback. Once it is stopping, closing is no loss."""
        if not self.stopping.is_set():
            self._lost = what
            self.stopping.set()

    def refuse(self, what: str) -> None:
        """Note what the broker does not let this process do; at the start that ends the process."""
        if not self.has_started and not self.stopping.is_set():
            self.refusal = what
            self.stopping.set()

    async def serve(self, app: ASGIApp, *, host: str, port: int, probes: Probes, drain: float = 0.0) -> None:
        """Serve an HTTP application until the process is stopped; requests under way are finished. It has started once it listens.

        Once asked to stop it is not ready any more, and yet takes requests for `drain` seconds: until whoever balances has noticed.
        """
        self._drain = drain
        server = Server(app, host=host, port=port, grace=GRACE - 5.0)
        await server.start()
        self.started()
        _log.info("serving", host=host, port=server.port)
        try:
            await self._first_of(asyncio.create_task(self.stopping.wait()), asyncio.create_task(server.ended()))
            probes.stop()
            server.part()
            if self._lost is None:
                await asyncio.wait({asyncio.create_task(server.ended())}, timeout=drain)
        finally:
            await server.stop()

    @property
    def patience(self) -> float:
        """Seconds that it may take to end once it was asked to."""
        return self._drain + GRACE

    async def until_stopped(self, *jobs: Coroutine[None, None, None]) -> None:
        """Run jobs side by side until the process is stopped; the first that fails ends them all, a job that returns is done.

        A job still running once the stop was asked for is cancelled: jobs that must finish something watch `stopping` themselves.
        """
        tasks = [asyncio.create_task(job) for job in jobs]
        stop = asyncio.create_task(self.stopping.wait())
        work: asyncio.Future[object] = asyncio.ensure_future(asyncio.gather(*tasks))
        try:
            await self._first_of(stop, work)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(work, *tasks, return_exceptions=True)

    def check(self) -> None:
        """Raise NotAllowed if the broker refused what is needed, Lost if something was lost."""
        if self.refusal is not None:
            raise NotAllowed(
                f"the broker refuses: {self.refusal}; deploy/nats/accounts.conf grants it to the user of this process"
            )
        if self._lost is not None:
            raise Lost(self._lost)

    @staticmethod
    async def _first_of(stop: "asyncio.Task[object]", work: "asyncio.Future[object]") -> None:
        try:
            done, _ = await asyncio.wait({stop, work}, return_when=asyncio.FIRST_COMPLETED)
            if work in done:
                work.result()
        finally:
            stop.cancel()
            work.cancel()


T = TypeVar("T")
Main = Callable[[Process], Awaitable[None]]


def run(main: Main, *, service: str, process: str) -> NoReturn:
    """Run `main` to its end, or until SIGTERM or SIGINT, and exit with one of `Exit`."""
    logging.setup(service=service, process=process, level=logging.level_from_environment())
    telemetry.start(service=service, process=process)
    try:
        code = uvloop.run(live(main, Process(service=service, name=process)))
    finally:
        telemetry.stop()
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything is closed and told; taking the interpreter apart would only keep whoever waits for us waiting (seconds on a busy machine).
    os._exit(code)


def run_command(work: Coroutine[None, None, T], *, service: str) -> T:
    """Run a command of an operator to its end and return its result; a foreseen fault is one line, and ends it with its `Exit`.

    What a command says is its output; what happens on the way goes to the other channel.
    """
    logging.setup(service=service, process="command", level=logging.level_from_environment(), stream=sys.stderr)
    try:
        return asyncio.run(work)
    except Exception as error:
        if (found := diagnose(error)) is not None:
            sys.stderr.write(f"{found.line}\n")
            raise SystemExit(found.exit) from None
        if isinstance(error, (Unreachable, *_DEPENDENCY_ERRORS)):
            sys.stderr.write(f"something it needs does not answer: {describe(error)}\n")
            raise SystemExit(Exit.UNREACHABLE) from None
        raise


async def live(main: Main, process: Process) -> Exit:
    """Run `main` under the signals and say how it ended."""
    loop = asyncio.get_running_loop()
    work = asyncio.ensure_future(main(process))

    def asked_to_stop(name: str) -> None:
        if process.stopping.is_set():
            work.cancel()
        _log.info("stopping", signal=name)
        process.stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked_to_stop, number.name)
    stop = asyncio.create_task(process.stopping.wait())
    await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if process.refusal is not None:
        work.cancel()
    if not work.done():
        await _end(work, within=process.patience)
    return _verdict(work, process)


async def _end(work: "asyncio.Future[None]", *, within: float) -> None:
    done, _ = await asyncio.wait({work}, timeout=within)
    if not done:
        _log.warning("work under way was not done in time", seconds=within)
        work.cancel()
        await asyncio.wait({work}, timeout=_AFTER_GRACE)


def _verdict(work: "asyncio.Future[None]", process: Process) -> Exit:
    try:
        if work.done() and not work.cancelled():
            work.result()
        process.check()
    except Exception as error:  # noqa: BLE001 (the last place where anything can be said about it)
        return _verdict_on(error, process)
    _log.info("stopped")
    return Exit.STOPPED


def _verdict_on(error: Exception, process: Process) -> Exit:
    if (found := diagnose(error, has_started=process.has_started)) is not None:
        _log.critical(f"{_SAYS.get(found.exit, 'cannot start')}: {found.line}")
        return found.exit
    lost = isinstance(error, Lost)
    if lost or isinstance(error, (Unreachable, *_DEPENDENCY_ERRORS)):
        if lost or process.has_started:
            _log.critical("lost what it stands on", reason=describe(error))
            return Exit.LOST
        _log.critical("something it needs does not answer", reason=describe(error))
        return Exit.UNREACHABLE
    _log.critical("failed", exc_info=error)
    return Exit.BUG
