"""Any problem as a page for people, in the language of the page they were on. Programs get the same as problem details."""

from starlette.requests import Request
from starlette.responses import Response

from chassis.problems import Problem
from services.registration.pages.catalogue import Catalogue
from services.registration.pages.rendering import page
from services.registration.pages.visits import visit_of


def problem_page(request: Request, problem: Problem) -> Response:
    """Say what happened, and what to do. Status and headers are the caller's (`chassis.problems`)."""
    visit = visit_of(request)
    texts = visit.texts
    kind = _kind(problem.status, texts)
    title = problem.title(texts.locale)
    values = {
        "code": problem.status,
        "heading": texts.text(f"problem.{kind}.heading"),
        # Where a page of its own says it all (404, 500…), the problem's title would say it twice.
        "detail": title if kind == "409" else None,
        "help": texts.text(f"problem.{kind}.help"),
        "back": f"{texts.prefix}{visit.path}" if _worth_another_try(request, problem) else None,
        "demo": False,
    }
    return page("problem.html", visit, values, status=problem.status, cache_control="no-store")


def _kind(status: int, texts: Catalogue) -> str:
    """Return which of our explanations fits: the status's own, or that of its class."""
    if texts.knows(f"problem.{status}.heading"):
        return str(status)
    return "500" if status >= 500 else "422"


def _worth_another_try(request: Request, problem: Problem) -> bool:
    # The page of a registration needs its token, which a failed POST does not have in its address.
    return problem.status != 404 and "/rencontres/" in request.url.path
