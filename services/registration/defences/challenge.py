"""Proof of work, or a wait: what a stranger is asked for while under attack. Signed, so that nothing is kept until it is used.

A challenge is `w.<issued>.<bits>.<salt>.<signature>`, bound to what is posted to. Its answer is a text after which the SHA-256 of
`<challenge>:<answer>` begins with so many zero bits. A wait is the same without work, bound to a network as well, and good only after
a while. Each is good once in a process. Pure: the present is passed in.
"""

import hmac
import os
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

WAIT = 30
"""Seconds somebody without JavaScript waits."""
LASTS = 900
"""Seconds within which a challenge is answered."""
LASTS_WAITING = 3600
_LONGEST_ANSWER = 32
_KEPT = 100_000


class Outcome(StrEnum):
    """What became of an answer."""

    PASSED = "passed"
    WRONG = "wrong"
    """Forged, for another address, not enough work, expired or used: one and the same for who sends it."""
    TOO_EARLY = "too-early"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What is asked for. The wait comes with it for whoever cannot work."""

    text: str
    bits: int
    wait: str
    seconds: int = WAIT


class Challenger:
    """Asks and checks. With one key, what one replica asked another can check; used ones are known to each process alone."""

    def __init__(self, *, bits: int, key: bytes | None = None) -> None:
        self._bits = bits
        self._key = key or os.urandom(32)
        self._used: OrderedDict[str, float] = OrderedDict()

    def ask(self, place: str, network: bytes, *, now: float) -> Challenge:
        """Make a challenge and a wait for a post to `place`."""
        work = f"w.{int(now):x}.{self._bits}.{secrets.token_urlsafe(12)}"
        wait = f"p.{int(now):x}.{secrets.token_urlsafe(12)}"
        return Challenge(
            text=f"{work}.{self._sign(work, place)}",
            bits=self._bits,
            wait=f"{wait}.{self._sign(wait, place, network)}",
        )

    def check_work(self, text: str, answer: str, place: str, *, now: float) -> Outcome:
        """Say whether the work was done; if so, it is used up."""
        body, _, signature = text.rpartition(".")
        parts = body.split(".")
        if len(parts) != 4 or parts[0] != "w" or not self._signed(body, signature, place):
            return Outcome.WRONG
        issued, bits = int(parts[1], 16), int(parts[2])  # signed, hence ours
        if not issued <= now + 1 <= issued + LASTS or not 0 < len(answer) <= _LONGEST_ANSWER:
            return Outcome.WRONG
        if zero_bits(f"{text}:{answer}") < bits:
            return Outcome.WRONG
        return self._use(signature, now=now, until=issued + LASTS)

    def check_wait(self, text: str, place: str, network: bytes, *, now: float) -> Outcome:
        """Say whether somebody waited; if so, the wait is used up."""
        body, _, signature = text.rpartition(".")
        parts = body.split(".")
        if len(parts) != 3 or parts[0] != "p" or not self._signed(body, signature, place, network):
            return Outcome.WRONG
        issued = int(parts[1], 16)
        if now < issued + WAIT:
            return Outcome.TOO_EARLY
        if now > issued + LASTS_WAITING:
            return Outcome.WRONG
        return self._use(signature, now=now, until=issued + LASTS_WAITING)

    def left_to_wait(self, text: str, *, now: float) -> int:
        """Return how many seconds are left of a wait that was found too early."""
        return max(1, int(text.split(".")[1], 16) + WAIT - int(now))

    def _sign(self, body: str, place: str, network: bytes = b"") -> str:
        what = b"\0".join((body.encode(), place.encode("utf-8", "surrogateescape"), network))
        return hmac.new(self._key, what, sha256).hexdigest()[:32]

    def _signed(self, body: str, signature: str, place: str, network: bytes = b"") -> bool:
        if not (body.isascii() and signature.isascii()):
            return False
        return hmac.compare_digest(self._sign(body, place, network), signature)

    def _use(self, signature: str, *, now: float, until: float) -> Outcome:
        if self._used.get(signature, 0.0) >= now:
            return Outcome.WRONG
        while self._used and (len(self._used) >= _KEPT or next(iter(self._used.values())) < now):
            self._used.popitem(last=False)
        self._used[signature] = until
        return Outcome.PASSED


def zero_bits(text: str) -> int:
    """Return how many zero bits the SHA-256 of a text begins with."""
    return 256 - int.from_bytes(sha256(text.encode("utf-8", "surrogateescape")).digest()).bit_length()


def solve(challenge: str, bits: int) -> str:
    """Do the work, as a program would: 2^bits hashes on average."""
    answer = 0
    while zero_bits(f"{challenge}:{answer}") < bits:
        answer += 1
    return str(answer)
