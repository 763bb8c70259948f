"""Where a supervised program is in its life."""

from enum import StrEnum


class Health(StrEnum):
    """`paused` is the time between a crash and the next start."""

    STARTING = "starting"
    READY = "ready"
    PAUSED = "paused"
    STOPPED = "stopped"
