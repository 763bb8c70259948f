"""Which processes there are to ask, from the file the supervisor keeps; no file, no processes, no error."""

import os
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from local.run_state import RunState

ReadRun = Callable[[], RunState | None]


def read_run(state: Path | None) -> RunState | None:
    """The run as it is now; the file is read anew each time, as every restart changes it."""
    if state is None:
        return None
    try:
        return RunState.model_validate_json(state.read_text())
    except (OSError, ValidationError):  # not written yet
        return None


def lives(pid: int | None) -> bool:
    """Whether a process exists."""
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
