"""Codes that open a private meetup. A code is shown once, to who made it; its hash is kept, so that reading the database opens nothing.

A code is read as people type it from paper: upper or lower case, with or without dashes and spaces, O for 0.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registration.domain.references import ALPHABET

BITS = 60
"""Twelve characters. Nobody guesses one through the form; from a stolen hash it would take a lifetime of a machine."""

_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015]+")
_MISREAD = str.maketrans("OIL", "011")
_CODE = re.compile(rf"[{ALPHABET}]{{12}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One code of a meetup, as its organisers see it. `used` counts registrations it admitted, those cancelled since included."""

    id: UUID
    label: str
    max_uses: int | None
    used: int
    expires_at: datetime | None
    created_at: datetime

    def opens(self, *, now: datetime) -> bool:
        """Whether it still lets somebody in."""
        left = self.max_uses is None or self.used < self.max_uses
        return left and (self.expires_at is None or now < self.expires_at)


def code_from(number: int) -> str:
    """Write `number` (random, below 2**60) as a code: `7K4Q-X9M2-TC3V`."""
    if not 0 <= number < 1 << BITS:
        raise ValueError(f"a code is written from {BITS} bits")
    digits = "".join(ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5))
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def code_hash(typed: str) -> bytes | None:
    """Return what is kept of a code, however it was typed; None if it cannot be one."""
    code = _SEPARATORS.sub("", typed).upper().translate(_MISREAD)
    return hashlib.sha256(code.encode()).digest() if _CODE.fullmatch(code) else None
