"""A problem as a response: JSON, or the application's own page when the client is a browser."""

from collections.abc import Callable

from opentelemetry import trace
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.problems.base import Problem
from chassis.problems.language import language_of_request, weights

MEDIA_TYPE = "application/problem+json"
RenderHtml = Callable[[Request, Problem], Response]
"""Makes the page that shows a problem. Its status and headers are seen to here."""

STATE_NAME = "render_problem"


def respond(request: Request, problem: Problem) -> Response:
    """The response to a request that ended in this problem."""
    language = language_of_request(request)
    render: RenderHtml | None = getattr(request.app.state, STATE_NAME, None) if "app" in request.scope else None
    if render is not None and prefers_html(request):
        response = render(request, problem)
        response.status_code = problem.status
        response.headers.setdefault("content-language", language)
    else:
        response = JSONResponse(
            problem.body(language) | _trace(), problem.status, {"content-language": language}, MEDIA_TYPE
        )
    response.headers.update(problem.headers)
    response.headers.setdefault("cache-control", "no-store")
    response.headers["vary"] = "Accept, Accept-Language"
    return response


def prefers_html(request: Request) -> bool:
    """Whether the client names HTML, and no less than JSON: a browser does, `*/*` does not."""
    wanted = weights(request.headers.get("accept", ""))
    html = wanted.get("text/html", 0.0)
    return html > 0.0 and html >= max(wanted.get("application/json", 0.0), wanted.get(MEDIA_TYPE, 0.0))


def _trace() -> dict[str, object]:
    context = trace.get_current_span().get_span_context()
    return {"trace_id": trace.format_trace_id(context.trace_id)} if context.is_valid else {}
