"""Room on the disk of a run: without it PostgreSQL and NATS fail half-way, each in its own words."""

import shutil
from pathlib import Path

from chassis.exits import Exit
from local.failure import Failure

LITTLE = 2 * 1024**3
NONE = 256 * 1024**2
"""Bytes; a fresh run takes about 100 MB, most of it PostgreSQL's own."""


class NoRoomError(Failure):
    """The disk of the data folder is full, or nearly; the message says what to do."""

    exit_code = Exit.DISK_FULL


def free(folder: Path) -> int:
    """Bytes that can still be written there; the folder need not exist yet."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(there).free


def require_room(folder: Path) -> None:
    """Return when a run may begin. Raises NoRoomError."""
    if (left := free(folder)) < NONE:
        raise NoRoomError(
            f"only {left / 1024**2:.0f} MB free for {folder}, a run needs {NONE / 1024**2:.0f} MB: make room on that disk, "
            "or choose another folder with --data"
        )
