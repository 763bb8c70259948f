"""How well something is, in an order: the worst of several is their maximum."""

from enum import IntEnum


class Level(IntEnum):
    """Shown by a word and a colour, never by the colour alone."""

    UNKNOWN = 0
    WELL = 1
    ATTENTION = 2
    TROUBLE = 3

    @property
    def word(self) -> str:
        """What stands beside the colour."""
        return {0: "not reported", 1: "well", 2: "attention", 3: "trouble"}[self.value]
