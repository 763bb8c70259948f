"""A pause for all when the mail server (or the registration service) is away: mail waits, untouched, and no try is counted against it."""

import asyncio
import random
from collections.abc import Callable

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0


class Circuit:
    """Closed: all goes. After a failure it pauses, longer each time; then a single try decides whether it closes again."""

    def __init__(self, *, luck: Callable[[], float] = random.random) -> None:
        self._luck = luck
        self._failures = 0
        self._until = 0.0

    @property
    def is_closed(self) -> bool:
        """Whether the last try went well."""
        return self._failures == 0

    @property
    def pause(self) -> float:
        """Seconds until the next try is allowed."""
        return max(0.0, self._until - asyncio.get_running_loop().time())

    def failed(self) -> None:
        """Note that it is away. Failures during a pause are those of tries begun before it, and do not lengthen it."""
        if self._failures and self.pause > 0:
            return
        ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**self._failures)
        self._failures += 1
        self._until = asyncio.get_running_loop().time() + ceiling * (0.5 + self._luck() / 2)

    def worked(self) -> None:
        """Note that it is there."""
        self._failures = 0
        self._until = 0.0
