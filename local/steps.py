"""Commands that a start waits for: migrations, streams, demo data, the admin token."""

import asyncio
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from local.child import Child, Command, log_tail
from local.failure import Failure
from local.program import python_command
from local.supervisor import PATIENCE


class StepFailedError(Failure):
    """A command ended with an error or took too long; the message holds the end of its log."""


async def run_step(*argv: str, log: Path, environment: dict[str, str], seconds: float = PATIENCE) -> None:
    """Run `python -m …` to its end. Raises `StepFailedError`."""
    await _run(python_command(*argv, log=log, environment=environment), argv, seconds)


async def output_of_step(*argv: str, log: Path, environment: dict[str, str], seconds: float = PATIENCE) -> str:
    """Run `python -m …` and return the last line it printed, which is in no log. Raises `StepFailedError`."""
    with TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        command = python_command(*argv, log=log, environment=environment)
        await _run(replace(command, output=output), argv, seconds)
        return output.read_text().splitlines()[-1]


async def _run(command: Command, argv: tuple[str, ...], seconds: float) -> None:
    log = command.log
    child = await Child.start(command)
    what = f"python -m {' '.join(argv)}"
    try:
        async with asyncio.timeout(seconds):
            exit_code = await child.wait()
    except TimeoutError as error:
        raise StepFailedError(f"{what} did not end in {seconds:.0f} s; the end of {log}:\n{log_tail(log)}") from error
    finally:
        child.kill()
    if exit_code != 0:
        raise StepFailedError(f"{what} failed (exit code {exit_code}); the end of {log}:\n{log_tail(log)}")
