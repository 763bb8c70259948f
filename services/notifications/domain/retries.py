"""What becomes of a mail that was not accepted: tried again later, or given up for a reason that can be shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long a mail is tried. The age counts from when it was due, so that an outage alone uses up no attempt."""

    attempts: int = 30
    age: timedelta = timedelta(hours=48)
    first_wait: timedelta = timedelta(seconds=1)
    longest_wait: timedelta = timedelta(minutes=10)

    def is_over(self, *, attempts: int, due_at: datetime, now: datetime) -> bool:
        """Whether a mail refused for the `attempts`-th time is given up."""
        return attempts >= self.attempts or now - due_at >= self.age

    def wait(self, *, attempts: int, luck: float) -> timedelta:
        """Time until the next try: exponential, with full jitter (`luck` in 0..1), so that lanes held up together come back spread out."""
        ceiling = min(self.longest_wait, self.first_wait * 2.0 ** min(attempts - 1, 30))
        return max(ceiling * luck, self.first_wait / 10)
