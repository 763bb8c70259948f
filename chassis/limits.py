"""How often something may be asked: GCRA (the leaky bucket as a meter), one number a caller, in bounded memory.

Pure: the present is passed in. Callers are kept as keyed hashes under a salt of this process, so that nothing here tells who they were.
"""

import os
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil
from typing import NamedTuple, Self

KEPT = 50_000
"""Callers of a policy remembered at most; beyond, the one that asked longest ago is forgotten, which favours it."""
_EPSILON = 1e-6  # of a request; instants of today are exact to 0.2 µs


@dataclass(frozen=True, slots=True)
class Policy:
    """`quota` requests at once, and again as many over each `window` of seconds, evenly."""

    name: str
    quota: int
    window: int

    @classmethod
    def read(cls, name: str, text: str) -> Self | None:
        """Read `40/600` (40 in 600 seconds), or `off`. Raises ValueError."""
        if text == "off":
            return None
        quota, slash, window = text.partition("/")
        if not (
            text.isascii()
            and slash
            and quota.isdecimal()
            and window.isdecimal()
            and int(quota) > 0
            and 0 < int(window) <= 86_400
        ):
            raise ValueError(f"{name}: write requests/seconds, such as 40/600, or off")
        return cls(name, int(quota), int(window))

    @property
    def interval(self) -> float:
        """Seconds until one more is granted."""
        return self.window / self.quota


class Verdict(NamedTuple):
    """What a caller was told: `remaining` requests may follow at once, all of them again in `full_in` seconds."""

    policy: Policy
    allowed: bool
    remaining: int
    full_in: int
    retry_after: int = 0
    """Seconds until the next is allowed, where this one was not."""


class Limiter:
    """Counts for every policy, each in a memory of its own. One for each process: several side by side allow each their own share."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self._kept = kept
        self._salt = os.urandom(32)
        self._due: defaultdict[str, OrderedDict[bytes, float]] = defaultdict(OrderedDict)

    def __len__(self) -> int:
        """Return how many callers are remembered."""
        return sum(len(callers) for callers in self._due.values())

    def ask(self, policy: Policy, caller: bytes, *, now: float, cost: int = 1) -> Verdict:
        """Count one request, unless it is refused: a refusal costs nothing, so that waiting always helps. Cost 0 only looks.

        Who is refused is remembered as one who just asked, and nobody else's limits suffer from who asks under many names: a flood
        would otherwise be forgotten by what it sends itself.
        """
        due = self._due[policy.name]
        key = blake2b(caller, digest_size=16, key=self._salt, person=policy.name.encode()[:16]).digest()
        interval = policy.window / policy.quota
        ahead = max(0.0, due.get(key, 0.0) - now)
        if ahead > policy.window + interval:  # the clock was set back
            ahead = 0.0
        remaining = int((policy.window - ahead) / interval + _EPSILON)
        allowed = remaining >= max(1, cost)
        if allowed and cost:
            ahead += interval * cost
            remaining -= cost
            due[key] = now + ahead
        if key in due:
            due.move_to_end(key)
        if len(due) > self._kept:
            due.popitem(last=False)
        retry_after = 0 if allowed else max(1, ceil(ahead + interval * max(1, cost) - policy.window - _EPSILON))
        return Verdict(policy, allowed, remaining, ceil(ahead - _EPSILON), retry_after)


def headers(verdicts: Iterable[Verdict]) -> list[tuple[bytes, bytes]]:
    """Return `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11): quota a window, remaining until full."""
    given = list(verdicts)
    policies = ", ".join(f'"{v.policy.name}";q={v.policy.quota};w={v.policy.window}' for v in given)
    state = ", ".join(f'"{v.policy.name}";r={v.remaining};t={v.full_in}' for v in given)
    return [(b"ratelimit-policy", policies.encode()), (b"ratelimit", state.encode())]
