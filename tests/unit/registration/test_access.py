"""Every route says who may call it, in one place and one way."""

from collections.abc import Iterator

from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import Mount

from chassis.health import PATHS, Probes
from services.registration.access import Anyone, Attendee, OrganiserWith
from services.registration.app import build
from services.registration.organisers import Scope

OF_THE_FRAMEWORK = {*PATHS, "/openapi.json", "/docs", "/docs/reference.css", "/problems/{slug}"}


def routes() -> Iterator[RouteContext]:
    """All there are, as a request meets them: with what the routers around them add."""
    for route in iter_route_contexts(build(Probes()).routes):
        if route.path not in OF_THE_FRAMEWORK:
            yield route


def access_of(route: RouteContext) -> list[Anyone | Attendee | OrganiserWith]:
    declared = [dependency.dependency for dependency in route.dependencies]
    return [access for access in declared if isinstance(access, Anyone | Attendee | OrganiserWith)]


def test_every_route_declares_exactly_one_kind_of_caller() -> None:
    found = list(routes())
    assert len(found) > 20
    for route in found:
        if isinstance(route.original_route, APIRoute):
            assert len(access_of(route)) == 1, f"{route.methods} {route.path} does not say who may call it"
        else:
            assert isinstance(route.original_route, Mount), f"{route.path} cannot say who may call it"


def test_who_may_call_the_api() -> None:
    callers = {
        f"{method} {path.removeprefix('/api/v1')}": access
        for route in routes()
        if (path := route.path or "").startswith("/api/")
        for method in route.methods or ()
        for access in access_of(route)
    }
    anyone, attendee = Anyone, Attendee
    assert {
        name: access.scope if isinstance(access, OrganiserWith) else type(access) for name, access in callers.items()
    } == {
        "GET /meetups": anyone,
        "GET /meetups/{meetup_id}": anyone,
        "POST /meetups/{meetup_id}/registrations": anyone,
        "POST /meetups/{meetup_id}/group-registrations": anyone,
        "POST /links": anyone,
        "GET /registrations/{reference}": attendee,
        "POST /registrations/{reference}/confirm": attendee,
        "POST /registrations/{reference}/cancel": attendee,
        "POST /registrations/{reference}/decline": attendee,
        "POST /registrations/{reference}/mode": attendee,
        "POST /registrations/{reference}/hand-over": attendee,
        "PATCH /registrations/{reference}": attendee,
        "POST /meetups": Scope.MEETUPS,
        "PATCH /meetups/{meetup_id}": Scope.MEETUPS,
        "POST /meetups/{meetup_id}/publish": Scope.MEETUPS,
        "POST /meetups/{meetup_id}/cancel": Scope.MEETUPS,
        "POST /meetups/{meetup_id}/reschedule": Scope.MEETUPS,
        "POST /meetups/{meetup_id}/invitations": Scope.MEETUPS,
        "GET /meetups/{meetup_id}/invitations": Scope.MEETUPS,
        "DELETE /meetups/{meetup_id}/invitations/{invitation_id}": Scope.MEETUPS,
        "POST /meetups/{meetup_id}/check-ins": Scope.CHECK_INS,
        "GET /meetups/{meetup_id}/registrations": Scope.REGISTRATIONS,
        "POST /meetups/{meetup_id}/registrations/{reference}/approve": Scope.REGISTRATIONS,
        "POST /meetups/{meetup_id}/registrations/{reference}/refuse": Scope.REGISTRATIONS,
        "POST /organisations": Scope.ORGANISATIONS,
    }
