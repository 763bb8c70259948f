"""What each request is counted as, by its method and path."""

import pytest
from fastapi.routing import iter_route_contexts

from chassis.health import Probes
from services.registration.app import build
from services.registration.defences.kinds import CHALLENGED, Kind, kind_of


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/rencontres/mamoudzou-2027-02", Kind.REGISTERING),
        ("POST", "/en/rencontres/mamoudzou-2027-02", Kind.REGISTERING),
        ("POST", "/api/v1/meetups/1/registrations", Kind.REGISTERING),
        ("POST", "/api/v1/meetups/1/group-registrations", Kind.REGISTERING),
        ("POST", "/mes-inscriptions", Kind.LINKS),
        ("POST", "/en/mes-inscriptions", Kind.LINKS),
        ("POST", "/api/v1/links", Kind.LINKS),
        ("GET", "/inscriptions/R-1", Kind.TOKENS),
        ("POST", "/en/inscriptions/R-1/annuler", Kind.TOKENS),
        ("GET", "/api/v1/registrations/R-1", Kind.TOKENS),
        ("POST", "/api/v1/meetups", Kind.ORGANISING),
        ("PATCH", "/api/v1/meetups/1", Kind.ORGANISING),
        ("GET", "/api/v1/meetups/1/registrations", Kind.ORGANISING),
        ("POST", "/api/v1/meetups/1/check-ins", Kind.ORGANISING),
        ("POST", "/api/v1/anything/new", Kind.ORGANISING),
        ("GET", "/static/rencontres.abc.css", Kind.FREE),
        ("GET", "/healthz", Kind.FREE),
        ("GET", "/", Kind.READING),
        ("GET", "/api/v1/meetups", Kind.READING),
        ("GET", "/rencontres/mamoudzou-2027-02", Kind.READING),
        ("GET", "/mes-inscriptions", Kind.READING),
        ("TRACE", "/a\nb", Kind.READING),
        ("POST", "/nowhere", Kind.READING),
    ],
)
def test_what_a_request_is_counted_as(method: str, path: str, kind: Kind) -> None:
    assert kind_of(method, path) is kind


def test_whatever_writes_without_a_token_is_challenged_under_attack() -> None:
    """A new public POST is found here: it must be a registration, a question for links, or carry a token."""
    for route in iter_route_contexts(build(Probes()).routes):
        for method in route.methods or ():
            if method in ("GET", "HEAD", "OPTIONS"):
                continue
            path = (route.path or "").replace("{", "").replace("}", "")
            kind = kind_of(method, path)
            assert kind in {*CHALLENGED, Kind.TOKENS, Kind.ORGANISING}, f"{method} {path} is counted as {kind}"


def test_no_page_that_reads_is_free_of_limits_but_assets_and_probes() -> None:
    free = {
        route.path
        for route in iter_route_contexts(build(Probes()).routes)
        for method in route.methods or ()
        if kind_of(method, (route.path or "").replace("{", "").replace("}", "")) is Kind.FREE
    }
    assert free == {"/static/{name}", "/healthz", "/readyz", "/metrics"}
