"""E-mail addresses: what can be one, and which two spellings are the same."""

from email_validator import EmailNotValidError, validate_email

MAX_LENGTH = 254


class BadEmail(ValueError):
    """Raised for what cannot be an e-mail address. It does not repeat it."""


def normalised(address: str) -> str:
    """Return the address with its domain in one spelling. Whether it can be reached, only a mail tells. Raises BadEmail."""
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        raise BadEmail from None


def email_key(address: str) -> str:
    """Return what makes two spellings of a `normalised` address one person: no mail server in use tells its cases apart."""
    return address.lower()
