"""When it is an attack: more networks are refused within a minute than people's mistakes explain. Pure: the present is passed in."""

from collections import OrderedDict

MINUTE = 60.0
CALM = 300.0
"""Seconds without an attack until it is over."""


class Alarm:
    """Counts the networks refused over the last minute. One alone is held back by its limit, and says nothing of the others.

    They are kept by their `hash`, which is keyed by the process: nothing here tells which they were.
    """

    def __init__(self, *, threshold: int) -> None:
        self._threshold = threshold
        self._refused: OrderedDict[int, float] = OrderedDict()
        self._until = 0.0

    def note(self, network: bytes, *, now: float) -> bool:
        """Count a refusal; tell whether this one raised the alarm."""
        self._refused[hash(network)] = now
        self._refused.move_to_end(hash(network))
        self._forget(now)
        if len(self._refused) < self._threshold:
            return False
        was = self.raised(now=now)
        self._until = now + CALM
        return not was

    def raised(self, *, now: float) -> bool:
        """Tell whether there is an attack."""
        return now < self._until <= now + CALM  # the second half: a clock that was set back

    def _forget(self, now: float) -> None:
        """Drop what is a minute old, and what is more than needs to be counted."""
        while self._refused:
            network, at = next(iter(self._refused.items()))
            if now - MINUTE < at <= now and len(self._refused) <= self._threshold:
                return
            del self._refused[network]
