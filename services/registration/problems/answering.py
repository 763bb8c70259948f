"""Where a rule's no becomes an HTTP answer, and nowhere else."""

import re
from typing import cast

from fastapi.routing import iter_route_contexts
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from chassis import logging
from chassis.database import AWAY
from chassis.problems import MethodNotAllowed, Problem, Unavailable, respond
from services.registration.domain.refusals import Refusal
from services.registration.problems.fields import invalid
from services.registration.problems.kinds import REFUSED

_log = logging.get(__name__)


def problem_of(refusal: Refusal) -> Problem:
    """Return the answer to a refusal."""
    kind = REFUSED.get(type(refusal))
    return kind() if kind else invalid(refusal)


def install(app: Starlette) -> None:
    """Answer refusals of the rules, 503 while the database is away, and 405 with all that an address does have."""

    async def answer(request: Request, error: Exception) -> Response:
        return respond(request, problem_of(cast("Refusal", error)))

    async def come_back(request: Request, error: Exception) -> Response:
        _log.warning("the database does not answer", exc_info=error)
        return respond(request, Unavailable())

    async def method_not_allowed(request: Request, _error: Exception) -> Response:
        return respond(request, MethodNotAllowed(headers={"Allow": ", ".join(sorted(_allowed(app, request)))}))

    app.add_exception_handler(Refusal, answer)
    app.add_exception_handler(405, method_not_allowed)
    for kind in AWAY:
        app.add_exception_handler(kind, come_back)


def _allowed(app: Starlette, request: Request) -> set[str]:
    """Return the methods of all routes at an address; the router by itself names those of the first (RFC 9110, 15.5.6)."""
    methods: set[str] = set()
    for route in iter_route_contexts(app.routes):
        regex: re.Pattern[str] | None = getattr(route, "path_regex", None)
        if regex is not None and regex.match(request.url.path):
            methods |= route.methods or set()
    return methods
