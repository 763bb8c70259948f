"""What the code of a ticket says: `https://…/b/<code>`, 128 random bits that name nobody. A reference overheard at the door is no ticket."""

import re
from uuid import UUID

from services.registration.domain.references import ALPHABET

LENGTH = 26
"""Digits of base 32 in which 128 bits are written: 16 characters less in a QR code than the usual form of a UUID."""

_BITS = 128
_ADDRESS = re.compile(rf"(?:^|/b/)([{ALPHABET}]{{{LENGTH}}})$")
_VALUES = {digit: value for value, digit in enumerate(ALPHABET)}


def code_from(ticket: UUID) -> str:
    """Write a ticket's random number as its code."""
    return "".join(ALPHABET[ticket.int >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def read_code(scanned: str) -> UUID | None:
    """Return the number of a code, alone or at the end of its address; None if it cannot be one."""
    match = _ADDRESS.search(scanned.strip())
    number = 0
    for digit in match[1] if match else "":
        number = number << 5 | _VALUES[digit]
    return UUID(int=number) if match and number >> _BITS == 0 else None


def address(ticket: UUID, *, public_url: str) -> str:
    """Return what the code on the ticket says."""
    return f"{public_url}/b/{code_from(ticket)}"
