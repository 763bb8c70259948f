"""Commands that a start waits for: migrations, streams, demo data, the admin token."""

import asyncio
from pathlib import Path

from local.child import Child, log_tail
from local.failure import Failure
from local.program import python_command


class StepFailedError(Failure):
    """A command ended with an error or took too long; the message holds the end of its log."""


async def run_step(*argv: str, log: Path, environment: dict[str, str], seconds: float = 60.0) -> None:
    """Run `python -m …` to its end. Raises `StepFailedError`."""
    child = await Child.start(python_command(*argv, log=log, environment=environment))
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
