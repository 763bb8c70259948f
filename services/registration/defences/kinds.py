"""Which limit a request falls under, by its method and path alone: it is decided before anything is looked at."""

import re
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a request wants."""

    REGISTERING = "registering"
    LINKS = "links"
    TOKENS = "tokens"
    """With a link of an attendee: what opens nothing is counted."""
    ORGANISING = "organising"
    """With an organiser's token: counted by token, what opens nothing by network."""
    FREE = "free"
    """Probes, and assets that a browser keeps for a year."""
    READING = "reading"


CHALLENGED: Final = frozenset((Kind.REGISTERING, Kind.LINKS))
"""What costs a stranger nothing and somebody else a seat or a mail."""

_L = r"(?:/[a-z]{2})?"  # the prefix of a language
_KINDS = re.compile(
    rf"(?P<registering>POST (?:/api/v1/meetups/[^/]+/(?:group-)?registrations|{_L}/rencontres/[^/]+))"
    rf"|(?P<links>POST (?:/api/v1/links|{_L}/mes-inscriptions))"
    rf"|(?P<tokens>[A-Z]+ (?:{_L}/inscriptions/.*|/api/v1/registrations/.*))"
    r"|(?P<organising>(?:POST|PATCH|PUT|DELETE) /api/.*|(?:GET|HEAD) /api/v1/(?:meetups/[^/]+/.+|organiser/.*))"
    r"|(?P<free>[A-Z]+ /(?:static/.*|healthz|readyz|metrics))",
    re.DOTALL,
)


def kind_of(method: str, path: str) -> Kind:
    """Return what a request is counted as."""
    found = _KINDS.fullmatch(f"{method} {path}")
    return Kind(found.lastgroup) if found is not None and found.lastgroup else Kind.READING
