"""The supervisor with small real processes: readiness, crashes, clean and forced stops, and its own death."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from local.child import Command
from local.life import Health
from local.ports import free_port, is_free
from local.program import answers
from local.supervisor import ProgramCannotRunError, ProgramDidNotStartError, Supervisor, Watched

FAKE = Path(__file__).parent / "fake_process.py"


@dataclass(frozen=True, slots=True)
class FakeProgram:
    """A program of which a test knows when it is prepared."""

    name: str
    folder: Path
    port: int
    manner: str = "ready"

    async def prepare(self) -> None:
        (self.folder / "prepared").touch()

    def command(self) -> Command:
        argv = (sys.executable, "-S", str(FAKE), str(self.port), self.manner)
        return Command(argv=argv, log=self.folder / f"{self.name}.log")

    async def is_ready(self) -> bool:
        return await answers(f"http://127.0.0.1:{self.port}/readyz")

    async def is_stuck(self) -> bool:
        return (self.folder / "stuck").exists()


class Turns:
    """Wakes a test whenever a program's life turns."""

    def __init__(self) -> None:
        self._turned = asyncio.Event()

    def __call__(self) -> None:
        self._turned.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                self._turned.clear()
                await self._turned.wait()


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
async def supervisor(turns: Turns) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(on_change=turns, grace=0.5)
    yield supervisor
    await supervisor.stop()


async def test_start_returns_when_every_program_is_ready(supervisor: Supervisor, tmp_path: Path) -> None:
    programs = [FakeProgram(name, tmp_path, free_port()) for name in ("one", "two")]
    await supervisor.start(*programs)
    assert [watched.health for watched in supervisor.watched] == [Health.READY, Health.READY]
    assert all([await program.is_ready() for program in programs])
    assert (tmp_path / "one.log").read_text() == "started as ready\n"


async def test_a_program_that_is_stuck_is_started_anew(
    supervisor: Supervisor, turns: Turns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.supervisor.STUCK_INTERVAL", 0.01)
    await supervisor.start(FakeProgram("one", tmp_path, free_port()))
    first = supervisor.watched[0].pid
    (tmp_path / "stuck").touch()
    await turns.until(lambda: supervisor.watched[0].health is Health.PAUSED)
    (tmp_path / "stuck").unlink()
    await turns.until(lambda: supervisor.watched[0].health is Health.READY)
    assert supervisor.watched[0].pid != first


async def test_a_killed_program_comes_back_and_its_restart_is_counted(
    supervisor: Supervisor, turns: Turns, tmp_path: Path
) -> None:
    program = FakeProgram("phoenix", tmp_path, free_port())
    await supervisor.start(program)
    watched = supervisor.watched[0]
    first = watched.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await turns.until(lambda: watched.restarts == 1 and watched.health is Health.READY)
    assert watched.pid != first
    assert await program.is_ready()


async def test_a_program_that_keeps_ending_is_given_up_at_its_first_start(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    with pytest.raises(ProgramDidNotStartError, match=r"hopeless ended 3 times[\s\S]*it hurts"):
        await supervisor.start(FakeProgram("hopeless", tmp_path, free_port(), "crash"))


async def test_a_program_that_cannot_run_as_configured_is_not_started_again_and_its_line_is_shown(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    with pytest.raises(ProgramCannotRunError, match=r"^wrong: cannot run as configured: set RENCONTRES_X: no$"):
        await supervisor.start(FakeProgram("wrong", tmp_path, free_port(), "misconfigured"))
    assert supervisor.watched[0].restarts == 0


async def test_a_program_that_ends_so_later_stays_stopped_with_its_reason(
    supervisor: Supervisor, turns: Turns, tmp_path: Path
) -> None:
    program = FakeProgram("changed", tmp_path, free_port())
    await supervisor.start(program)
    watched = supervisor.watched[0]
    watched.program = replace(program, manner="misconfigured")
    assert watched.pid is not None
    os.kill(watched.pid, signal.SIGKILL)
    await turns.until(lambda: watched.health is Health.STOPPED)
    assert watched.reason == "cannot run as configured: set RENCONTRES_X: no"
    assert watched.restarts == 1


async def test_a_program_that_is_never_ready_is_named(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(ProgramDidNotStartError, match="sleepy was not ready in 1 s"):
        await supervisor.start(FakeProgram("sleepy", tmp_path, free_port(), "never-ready"), seconds=1)


async def test_stop_ends_the_last_group_first_and_frees_every_port(supervisor: Supervisor, tmp_path: Path) -> None:
    below, above = (FakeProgram(name, tmp_path, free_port()) for name in ("below", "above"))
    await supervisor.start(below)
    await supervisor.start(above)
    ended: asyncio.Queue[str] = asyncio.Queue()
    for watched in supervisor.watched:
        _note_end(watched, ended)
    await supervisor.stop()
    assert [await ended.get(), await ended.get()] == ["above", "below"]
    assert is_free(below.port)
    assert is_free(above.port)


async def test_a_program_deaf_to_sigterm_is_killed_after_the_grace(supervisor: Supervisor, tmp_path: Path) -> None:
    program = FakeProgram("deaf", tmp_path, free_port(), "deaf")
    await supervisor.start(program)
    watched = supervisor.watched[0]
    await supervisor.stop()
    assert watched.child is not None
    assert watched.child.exit_code == -signal.SIGKILL
    assert is_free(program.port)


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    script = f"""
import asyncio
from pathlib import Path
from local.supervisor import Supervisor
from tests.integration.local.test_supervisor import FakeProgram
async def main():
    supervisor = Supervisor()
    await supervisor.start(FakeProgram("orphan", Path({str(tmp_path)!r}), {free_port()}, "deaf"))
    print(supervisor.watched[0].pid, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=FAKE.parents[3]) as supervisor:
        assert supervisor.stdout is not None
        orphan = os.pidfd_open(int(supervisor.stdout.readline()))
        supervisor.kill()
    ended = select.poll()
    ended.register(orphan, select.POLLIN)
    assert ended.poll(10_000), "the child lives on"


def _note_end(watched: Watched, ended: asyncio.Queue[str]) -> None:
    """Put the program's name when its process has ended, as the kernel tells it."""
    assert watched.pid is not None
    loop, process = asyncio.get_running_loop(), os.pidfd_open(watched.pid)

    def note() -> None:
        loop.remove_reader(process)
        os.close(process)
        ended.put_nowait(watched.program.name)

    loop.add_reader(process, note)
