"""Identifiers and secrets: UUIDv7 (RFC 9562, time-ordered, kind to indexes) and link tokens of which only the hash is kept."""

import hashlib
import secrets
import time
from uuid import UUID

_VERSION = 7 << 76
_VARIANT = 0b10 << 62
_RANDOM_A = (1 << 12) - 1
_RANDOM_B = (1 << 62) - 1


def uuid7() -> UUID:
    """Return a UUIDv7: 48 bits of milliseconds, then 74 random bits (no order within one millisecond)."""
    milliseconds = time.time_ns() // 1_000_000
    noise = int.from_bytes(secrets.token_bytes(10))
    return UUID(int=milliseconds << 80 | _VERSION | ((noise >> 62) & _RANDOM_A) << 64 | _VARIANT | noise & _RANDOM_B)


def secret_token() -> str:
    """Return 160 random bits for a link, in URL-safe characters."""
    return secrets.token_urlsafe(20)


def token_hash(token: str) -> bytes:
    """Return what is stored of a token. It is random and long, so that a plain SHA-256 cannot be searched."""
    return hashlib.sha256(token.encode()).digest()
