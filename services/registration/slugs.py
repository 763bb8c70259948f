"""Addresses of meetups: readable, made of the title and the day, with an end that no other has."""

import re
import secrets
import unicodedata
from datetime import datetime

from services.registration.domain.references import ALPHABET

PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_TITLE_LENGTH = 90
_SPELT_OUT = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "-", "'": "-"})


def slug_of(title: str, starts_local: datetime) -> str:
    """Return `l-ia-au-comptoir-2027-04-15-k7qm`; letters without accents, the rest as hyphens."""
    spelt = unicodedata.normalize("NFKD", title.lower().translate(_SPELT_OUT))
    words = re.sub(r"[^a-z0-9]+", "-", spelt.encode("ascii", "ignore").decode())[:_TITLE_LENGTH].strip("-")
    end = "".join(secrets.choice(ALPHABET) for _ in range(4)).lower()
    return f"{words or 'rencontre'}-{starts_local:%Y-%m-%d}-{end}"
