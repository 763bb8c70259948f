"""Identifiers and secrets: UUIDv7 (RFC 9562, time-ordered, kind to indexes) and link tokens of which only the hash is kept."""

import hashlib
import secrets
import threading
import time
from uuid import UUID

_VERSION = 7 << 76
_VARIANT = 0b10 << 62
_RANDOM_A = (1 << 12) - 1
_RANDOM_B = (1 << 62) - 1


_RESERVE = 4096


class _Reserve:
    """Random bytes of the system, fetched many at a time: a call for each identifier cost more than the rest of making it.

    One for each thread. No process of ours forks: a child would go on with the same bytes.
    """

    def __init__(self) -> None:
        self._bytes = b""
        self._next = 0

    def take(self, count: int) -> bytes:
        """Return bytes that nobody else gets."""
        if self._next + count > len(self._bytes):
            self._bytes, self._next = secrets.token_bytes(_RESERVE), 0
        taken = self._bytes[self._next : self._next + count]
        self._next += count
        return taken


_reserve = threading.local()


def random_bits(count: int) -> int:
    """Return so many random bits, for identifiers. Secrets are drawn one by one (`secret_token`)."""
    reserve: _Reserve | None = getattr(_reserve, "mine", None)
    if reserve is None:
        reserve = _reserve.mine = _Reserve()
    return int.from_bytes(reserve.take(-(-count // 8))) & ((1 << count) - 1)


def uuid7() -> UUID:
    """Return a UUIDv7: 48 bits of milliseconds, then 74 random bits (no order within one millisecond)."""
    milliseconds = time.time_ns() // 1_000_000
    noise = random_bits(74)
    return UUID(int=milliseconds << 80 | _VERSION | ((noise >> 62) & _RANDOM_A) << 64 | _VARIANT | noise & _RANDOM_B)


def secret_token() -> str:
    """Return 160 random bits for a link, in URL-safe characters."""
    return secrets.token_urlsafe(20)


def token_hash(token: str) -> bytes:
    """Return what is stored of a token. It is random and long, so that a plain SHA-256 cannot be searched."""
    return hashlib.sha256(token.encode()).digest()
