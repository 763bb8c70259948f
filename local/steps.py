"""Commands that a start waits for: roles, migrations, streams, demo data, the admin token. Each has an environment of its own."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from chassis.exits import FORESEEN
from local.child import Child, Command, log_tail
from local.failure import Failure
from local.last_words import last_words
from local.program import python_command
from local.sequence import ENVIRONMENTS, SEPARATOR
from local.supervisor import PATIENCE


class StepFailedError(Failure):
    """A command ended with an error or took too long; the message is its own line, or the end of its log."""


@dataclass(frozen=True, slots=True)
class Step:
    """`python -m <argv>` with these variables."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]


async def run_steps(*steps: Step, log: Path) -> None:
    """Run each in turn, in one interpreter. Raises `StepFailedError`."""
    await _run(_command(*steps, log=log))


async def last_line_of_steps(*steps: Step, log: Path) -> str:
    """The same; returns the last line printed, which is in no log."""
    with TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        await _run(replace(_command(*steps, log=log), output=output))
        return output.read_text().splitlines()[-1]


def _command(*steps: Step, log: Path) -> Command:
    words = [word for step in steps for word in (SEPARATOR, *step.argv)][1:]
    environments = json.dumps([dict(step.environment) for step in steps])
    return python_command("local.sequence", *words, log=log, environment={ENVIRONMENTS: environments})


async def _run(command: Command) -> None:
    child = await Child.start(command)
    try:
        async with asyncio.timeout(PATIENCE):
            exit_code = await child.wait()
    except TimeoutError as error:
        raise _failure(command, f"did not end in {PATIENCE:.0f} s") from error
    finally:
        child.kill()
    if exit_code in FORESEEN:
        failure = StepFailedError(f"{command.log.stem}: {last_words(command.log)}")
        failure.exit_code = exit_code
        raise failure
    if exit_code != 0:
        raise _failure(command, f"failed (exit code {exit_code})")


def _failure(command: Command, what: str) -> StepFailedError:
    log = command.log
    return StepFailedError(f"{log.stem} {what}; the end of {log}:\n{log_tail(log)}")
