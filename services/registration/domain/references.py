"""References that people quote: `R-7K4QX-9M2TC`. Readable aloud, hard to mistype, and worth nothing without a token."""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U. https://www.crockford.com/base32.html"""

BITS = 50
"""Ten characters: among ten million references, a new one meets an old one once in a hundred million draws."""

PATTERN = rf"^R-[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}$"
_MISREAD = str.maketrans("OIL", "011")
_LOOSE = re.compile(rf"^R?([{ALPHABET}]{{10}})$")


def reference_from(number: int) -> str:
    """Write `number` (random, below 2**50) as a reference."""
    if not 0 <= number < 1 << BITS:
        raise ValueError(f"a reference is written from {BITS} bits")
    digits = "".join(ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5))
    return f"R-{digits[:5]}-{digits[5:]}"


def read_reference(text: str) -> str | None:
    """Return the reference somebody typed, whatever its case, hyphens and look-alike letters; None if it cannot be one."""
    typed = re.sub(r"[\s-]", "", text).upper().translate(_MISREAD)
    match = _LOOSE.match(typed)
    return f"R-{match[1][:5]}-{match[1][5:]}" if match else None
