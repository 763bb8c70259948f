"""What a check says: one line on what is (or is wrong), what that means, and how to mend it."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How bad it is; the worst one decides the exit code."""

    SKIPPED = 0
    WELL = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """`mend` is an exact command or variable wherever there is one."""

    level: Level
    what: str
    meaning: str = ""
    mend: str = ""


class NotLooked(Exception):
    """Raised when a check stands on something that another check has found missing; the message names it."""


def well(what: str) -> Finding:
    """All right."""
    return Finding(Level.WELL, what)


def warning(what: str, *, meaning: str, mend: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(Level.WARNING, what, meaning, mend)


def error(what: str, *, meaning: str, mend: str) -> Finding:
    """It does not work, or will not."""
    return Finding(Level.ERROR, what, meaning, mend)
