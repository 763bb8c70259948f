"""The page of a form that was not let through: it holds what was typed, says what to do, and sends it again."""

from dataclasses import replace
from typing import cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from chassis.http import STRICT_CSP
from chassis.problems import TooManyRequests, prefers_html, respond
from services.registration.defences import sent
from services.registration.defences.challenge import Challenge
from services.registration.pages.rendering import page
from services.registration.pages.visits import visit_of

WITH_OUR_SCRIPT = f"{STRICT_CSP}; script-src 'self'"
"""Of the page of a challenge, and of no other: its script is a file of ours."""


def install(app: Starlette) -> None:
    """Answer a form that a route found too much with the page that holds it."""

    async def too_many(request: Request, error: Exception) -> Response:
        return limited(request, cast("TooManyRequests", error), await sent.fields_of(request))

    app.add_exception_handler(TooManyRequests, too_many)


def is_for(scope: Scope) -> bool:
    """Tell whether a person sent a form."""
    return scope["method"] == "POST" and prefers_html(Request(scope)) and not scope["path"].startswith("/api/")


def limited(request: Request, problem: TooManyRequests, fields: sent.Fields) -> Response:
    """Say that it was too much at once, and when it may be sent again."""
    if not is_for(request.scope):
        return respond(request, problem)
    seconds = int(problem.headers["Retry-After"])
    response = _page(request, fields, status=429, limited=True, seconds=seconds)
    response.headers.update(problem.headers)
    return response


def challenged(request: Request, challenge: Challenge, fields: sent.Fields, *, first: bool) -> Response:
    """Ask for the work, or for the wait of whoever has no JavaScript."""
    response = _page(
        request,
        fields,
        status=403,
        limited=False,
        seconds=challenge.seconds,
        challenge=challenge,
        first=first,
    )
    response.headers["content-security-policy"] = WITH_OUR_SCRIPT
    return response


def same_wait(asked: Challenge, *, wait: str, seconds: int) -> Challenge:
    """Return a challenge whose wait goes on."""
    return replace(asked, wait=wait, seconds=seconds)


def _page(request: Request, fields: sent.Fields, *, status: int, **values: object) -> Response:
    frame: dict[str, object] = {
        "action": _address(request),
        "fields": sent.typed(fields),
        "names": (sent.CHALLENGE, sent.ANSWER, sent.WAIT),
        "challenge": None,
        "first": True,
        "demo": False,
    }
    return page("again.html", visit_of(request), frame | values, status=status, cache_control="no-store")


def _address(request: Request) -> str:
    """Return where it was sent, on this site whatever it looks like: two slashes would lead to another one."""
    query = f"?{request.url.query}" if request.url.query else ""
    return "/" + request.url.path.lstrip("/\\") + query
