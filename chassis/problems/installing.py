"""Makes an application answer every error as a problem: its own, the framework's, and failed validation."""

import inspect
from functools import cache
from http import HTTPStatus
from types import MappingProxyType

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chassis.problems import generic
from chassis.problems.base import Problem, Text, every_problem
from chassis.problems.fields import Messages, field_errors, place_of
from chassis.problems.rendering import STATE_NAME, RenderHtml, respond

_BY_STATUS = MappingProxyType(
    {
        kind.status: kind
        for kind in (
            generic.MalformedBody,
            generic.Forbidden,
            generic.NotFound,
            generic.MethodNotAllowed,
            generic.NotAcceptable,
            generic.PayloadTooLarge,
            generic.UnsupportedMediaType,
            generic.InternalError,
        )
    }
)


def install(app: Starlette, *, render_html: RenderHtml | None = None, messages: Messages | None = None) -> None:
    """Install the handlers into a Starlette or FastAPI application, and `/problems/{slug}`, which explains each kind.

    `render_html` makes the page for browsers; `messages` are the service's own words for validation errors.
    What nobody handles becomes a 500 in `chassis.http`, where it is logged and its span marked.
    """
    setattr(app.state, STATE_NAME, render_html)

    async def answer(request: Request, error: Exception) -> Response:
        return respond(request, _problem_of(request, error, messages))

    for kind in (Problem, HTTPException, *_validation_errors()):
        app.add_exception_handler(kind, answer)
    app.router.routes.append(Route("/problems/{slug}", _explain, include_in_schema=False))
    if hasattr(app, "openapi"):
        from chassis.problems.openapi import describe_problems

        describe_problems(app)


def _problem_of(request: Request, error: Exception, messages: Messages | None) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        return _of_http(error)
    raw = list(error.errors()) if hasattr(error, "errors") else []
    return _of_validation(request, raw, messages)


def _of_http(error: HTTPException) -> Problem:
    if error.status_code == 401:
        return generic.Unauthenticated()
    headers = dict(error.headers or {})
    if (kind := _BY_STATUS.get(error.status_code)) is not None:
        return kind(headers=headers)
    return _of_status(error.status_code)(headers=headers)


class _Plain(Problem):
    """Answered for a status that has no problem of its own: its title says all there is to say."""

    @classmethod
    def type_uri(cls) -> str:
        return "about:blank"


@cache
def _of_status(status: int) -> type[_Plain]:
    phrase = HTTPStatus(status).phrase
    return type(f"Http{status}", (_Plain,), {"status": status, "title": Text(phrase, phrase)})


def _of_validation(request: Request, raw: list[dict[str, object]], messages: Messages | None) -> Problem:
    errors = field_errors(raw, messages=messages)
    kinds = {str(error["type"]) for error in raw}
    if kinds & {"json_invalid"}:
        return generic.MalformedBody()
    if any(error.place == "path" for error in errors):
        return generic.NotFound()
    if any(error.place == "header" and error.field.lower() == "idempotency-key" for error in errors):
        return generic.IdempotencyKeyMissing()
    if _is_of_another_type(request, raw):
        return generic.UnsupportedMediaType(headers={"Accept": "application/json"})
    return generic.InvalidInput(errors)


def _is_of_another_type(request: Request, raw: list[dict[str, object]]) -> bool:
    """FastAPI hands on as bytes what is not declared as JSON, and the model then refuses the whole body."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    whole = any(
        place_of(tuple(error["loc"])) == ("body", ()) for error in raw if isinstance(error["loc"], tuple | list)
    )
    return whole and bool(content_type) and not content_type.endswith(("/json", "+json"))


def _validation_errors() -> tuple[type[Exception], ...]:
    try:
        from fastapi.exceptions import RequestValidationError
    except ImportError:  # a service without FastAPI has none
        return ()
    return (RequestValidationError,)


async def _explain(request: Request) -> Response:
    kind = every_problem().get(request.path_params["slug"])
    if kind is None:
        raise generic.NotFound
    lines = [f"{kind.status} {kind.slug}", kind.title.fr, kind.title.en, inspect.getdoc(kind) or ""]
    return PlainTextResponse("\n\n".join(lines) + "\n")
