"""A run in the background: the caller sees its progress until it is ready or has failed, and only then returns."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from local.failure import Failure

READY = "ready"
"""The last line of a start that went well."""


class DidNotStartError(Failure):
    """The background run ended before it was ready; it has said why."""


def start_detached(arguments: list[str], *, log: Path, say: Callable[[str], None]) -> None:
    """Run `python -m local <arguments> --report-to <fd>` in a session of its own. Raises `DidNotStartError`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    reader, writer = os.pipe()
    with os.fdopen(reader) as reports:
        try:
            with log.open("wb") as output:
                run = subprocess.Popen(
                    [sys.executable, "-m", "local", *arguments, "--report-to", str(writer)],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=(writer,),
                )
        finally:
            os.close(writer)
        for line in map(str.rstrip, reports):
            if line == READY:
                return
            say(line)
    failure = DidNotStartError(f"not started; {log} holds the whole story")
    failure.exit_code = run.wait() or 1
    raise failure


def reporter(descriptor: int) -> Callable[[str], None]:
    """How the background run speaks to the caller; a caller who has gone away is no reason to end."""

    def report(line: str) -> None:
        try:
            os.write(descriptor, f"{line}\n".encode())
        except BrokenPipeError:
            return

    return report
