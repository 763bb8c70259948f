"""What people are told before they give their data, and what they agree to: versioned texts, French and English.

Registrations and consents are kept with the version of the text they were given under, so old versions stay for ever. A text that
changes is a new version; `python -m services.registration.notices` writes the fingerprints that a test compares.
"""

from services.registration.notices.consents import PURPOSES, ConsentText, Purpose, consent
from services.registration.notices.notice import Law, Notice, notice
from services.registration.notices.versions import UnknownVersion, current_version, versions

__all__ = [
    "PURPOSES",
    "ConsentText",
    "Law",
    "Notice",
    "Purpose",
    "UnknownVersion",
    "consent",
    "current_version",
    "notice",
    "versions",
]
