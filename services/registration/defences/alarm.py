"""When it is an attack: more refusals in a minute than people make by mistake. Pure: the present is passed in."""

MINUTE = 60.0
CALM = 300.0
"""Seconds without an attack until it is over."""


class Alarm:
    """Counts refusals over the last minute. Two counters make a sliding minute: the last full one counts by what is left of it."""

    def __init__(self, *, threshold: int) -> None:
        self._threshold = threshold
        self._minute = 0
        self._now = self._before = 0
        self._until = 0.0

    def note(self, *, now: float) -> bool:
        """Count a refusal; tell whether this one raised the alarm."""
        minute, into = divmod(now, MINUTE)
        self._turn(int(minute))
        self._now += 1
        if self._now + self._before * (1 - into / MINUTE) < self._threshold:
            return False
        was = self.raised(now=now)
        self._until = now + CALM
        return not was

    def raised(self, *, now: float) -> bool:
        """Tell whether there is an attack."""
        return now < self._until <= now + CALM  # the second half: a clock that was set back

    def _turn(self, minute: int) -> None:
        if minute != self._minute:
            self._before = self._now if minute == self._minute + 1 else 0
            self._minute, self._now = minute, 0
