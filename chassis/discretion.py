"""What must not be written down: names, addresses and secrets, by the name of the field or by the look of the value."""

import re

_PERSONAL = frozenset(
    [
        "address",
        "attendee",
        "authorization",
        "body",
        "cookie",
        "email",
        "email_key",
        "family_name",
        "first_name",
        "full_name",
        "given_name",
        "last_name",
        "mail",
        "mailto",
        "name",
        "password",
        "phone",
        "query",
        "query_string",
        "recipient",
        "secret",
        "set_cookie",
        "surname",
        "telephone",
        "to",
        "token",
    ]
)
_PERSONAL_ENDINGS = ("_address", "_cookie", "_email", "_password", "_phone", "_secret", "_token", "full_name")
_EMAIL = re.compile(r"[^\s@<>\"'(),;:=]+@[^\s@<>\"'(),;:=]+")
_CREDENTIALS = re.compile(r"://[^/@\s]+@")
_QUERY_STRING = re.compile(r"(/[^\s?\"']*)\?[^\s\"']+")

# Errors of machines: what they say names hosts, ports, files and symbols. Anything else may quote a row or a form.
_OF_MACHINES = (OSError, ImportError, NameError, AttributeError, NotImplementedError, RecursionError)
_OURS = ("chassis", "contracts", "services", "local", "nats", "alembic")


def is_personal(key: str) -> bool:
    """Whether a field of this name is personal or secret, whatever it holds."""
    key = key.lower().replace("-", "_")
    return key in _PERSONAL or key.endswith(_PERSONAL_ENDINGS)


def blot(text: str) -> str:
    """The text without what looks like an e-mail address, credentials in a URL, or a query string."""
    if "@" in text:
        text = _EMAIL.sub("[redacted]", _CREDENTIALS.sub("://", text))
    if "?" in text:
        text = _QUERY_STRING.sub(r"\1", text)
    return text


def describe(error: BaseException) -> str:
    """The type of an error, and what it says where that cannot be about a person.

    Of a database error: the SQLSTATE and the constraint, never the message, which quotes values.
    """
    kind = type(error)
    name = kind.__name__
    if sqlstate := getattr(error, "sqlstate", None):
        constraint = getattr(error, "constraint_name", None)
        return f"{name} [{sqlstate}]{f' on {constraint}' if constraint else ''}"
    if isinstance(error, _OF_MACHINES) or kind.__module__.partition(".")[0] in _OURS:
        said = blot(str(error)).strip()
        return f"{name}: {said}" if said else name
    return name
