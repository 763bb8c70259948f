"""How a process ends: the exit code says what to do next, the error why. `docs/operations/exit-codes.md` is the same as a table."""

from enum import IntEnum


class Exit(IntEnum):
    """What the exit code of a process says (numbers of sysexits.h)."""

    STOPPED = 0
    """Asked to stop, or done: leave it."""
    CONFIGURATION = 64
    """It cannot run as it is configured: starting it again does not help."""
    SCHEMA = 65
    """Its database is not of its schema, too new or not migrated yet: starting it again does not help before one of them changes."""
    UNREACHABLE = 69
    """What it needs did not answer at the start: start it again, later and later."""
    BUG = 70
    """It failed in a way nobody foresaw: start it again, and read the log."""
    CLOCK = 71
    """Its clock and that of its database differ: set them, then start it again."""
    PORT_TAKEN = 73
    """Another process listens where it should: start it again once that one has gone."""
    DISK_FULL = 74
    """A disk it writes to is full: make room, then start it again."""
    LOST = 75
    """It lost what it stood on (broker, database): start it again."""
    STREAM = 76
    """A stream or consumer is configured otherwise and cannot be changed: somebody has to remove it."""
    REFUSED = 77
    """Database or broker do not let it in, or refuse what it needs: starting it again with the same rights does not help."""


HOPELESS = frozenset({Exit.CONFIGURATION, Exit.SCHEMA, Exit.STREAM, Exit.REFUSED})
"""Who starts processes does not start these again: somebody has to change something first."""


FORESEEN = frozenset(Exit) - {Exit.STOPPED, Exit.BUG}
"""Whoever ended so has said in one line what is wrong and what to do."""


class BadConfiguration(Exception):
    """Raised at start when settings cannot be used; the message is one line saying what to do. Ends with CONFIGURATION."""


class NotAllowed(Exception):
    """Raised at start when database or broker do not let the process in or refuse what it needs. Ends with REFUSED."""


class StreamDiffers(Exception):
    """Raised when a stream or consumer cannot be brought to its configuration; the message says what to remove. Ends with STREAM."""


class SchemaMismatch(Exception):
    """Raised at start when the database is too new for the program, or not migrated yet; the message says what to do. Ends with SCHEMA."""


class ClockSkewed(Exception):
    """Raised at start when clocks differ by more than deadlines bear. Ends with CLOCK."""


class DiskFull(Exception):
    """Raised at start when a server has no room left. Ends with DISK_FULL."""


class Unreachable(Exception):
    """Raised when something the process needs does not answer at its start. Ends with UNREACHABLE."""


class Lost(Exception):
    """Raised when the process lost what it stands on. Ends with LOST."""
