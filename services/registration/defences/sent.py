"""What a form sent, read before the route reads it, and handed on without what was meant for the guard."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

CHALLENGE: Final = "defi"
ANSWER: Final = "reponse-defi"
WAIT: Final = "attente"
_OURS: Final = frozenset((CHALLENGE, ANSWER, WAIT))
_MOST = 200

Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Solution:
    """What came back of a challenge."""

    challenge: str
    answer: str
    wait: str


async def fields(scope: Scope, receive: Receive) -> Fields:
    """Return the texts of a form, in their order. What is no form, or unreadable, has none."""
    return await fields_of(Request(scope, receive))


async def fields_of(request: Request) -> Fields:
    """Return the same of a request whose route may have read it already."""
    try:
        form = await request.form(max_files=0, max_fields=_MOST)
    except (HTTPException, MultiPartException):
        return []
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def solution(of: Fields) -> Solution:
    """Return what was meant for the guard."""
    given = dict(of)
    return Solution(given.get(CHALLENGE, ""), given.get(ANSWER, ""), given.get(WAIT, ""))


def typed(of: Fields) -> Fields:
    """Return what was meant for the route."""
    return [(name, value) for name, value in of if name not in _OURS]


def replayed(scope: Scope, of: Fields) -> Receive:
    """Return how the route reads the form, in the scope made to fit."""
    body = urlencode(typed(of), errors="surrogateescape").encode()
    kept = [header for header in scope["headers"] if header[0] not in (b"content-type", b"content-length")]
    scope["headers"] = [
        *kept,
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"content-length", str(len(body)).encode()),
    ]
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return left.pop() if left else {"type": "http.disconnect"}

    return receive
