"""Errors as the visitor sees them: RFC 9457, in their language, never with what they sent."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI, Form, Header
from pydantic import BaseModel, Field
from pydantic_core import PydanticCustomError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from chassis import problems
from chassis.problems.base import every_problem


class Place(BaseModel, extra="forbid"):
    """Where."""

    town: Annotated[str, Field(min_length=2, max_length=20)]
    seats: Annotated[int, Field(ge=1, le=500)] = 1
    kind: Literal["talk", "workshop"] = "talk"
    at: datetime | None = None
    tags: Annotated[list[Annotated[str, Field(pattern="^[a-z]+$")]], Field(max_length=3)] = []


class SeatsGone(problems.Problem):
    """Raised in these tests alone."""

    slug, status = "seats-gone", 409
    title = problems.Text("Plus de place", "No seats left")


def _app() -> FastAPI:
    app = FastAPI(telemetry={"tracing": False})  # as `chassis.http.install` leaves it

    @app.post("/places/{place_id}", responses=problems.responses(problems.NotFound, SeatsGone, problems.Forbidden))
    async def create(place_id: UUID, place: Place) -> Place:
        if place.town == "Nulle-part":
            raise SeatsGone(problems.Text("Complet.", "Full."), extensions={"waiting": 12})
        return place

    @app.post("/forms")
    async def form(town: Annotated[str, Form(min_length=2)]) -> str:
        return town

    @app.post("/keys")
    async def key(idempotency_key: Annotated[str, Header(min_length=8)]) -> str:
        return idempotency_key

    @app.get("/search")
    async def search(limit: Annotated[int, Field(le=100)] = 10) -> int:
        return limit

    @app.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418, "Camille")

    @app.get("/busy")
    async def busy() -> None:
        raise problems.TooManyRequests(retry_after=7)

    @app.get("/who")
    async def who() -> None:
        raise problems.Unauthenticated

    return app


_UUID = "0192aa00-0000-7000-8000-000000000001"


def _client(app: Starlette, **headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", headers=headers)


@pytest.fixture
def app() -> FastAPI:
    app = _app()
    problems.install(app)
    return app


async def test_a_problem_of_the_service_is_answered_as_json_in_french_by_default(app: FastAPI) -> None:
    async with _client(app) as client:
        response = await client.post(f"/places/{_UUID}", json={"town": "Nulle-part"})

    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["content-language"] == "fr"
    assert response.headers["cache-control"] == "no-store"
    assert response.json() == {
        "type": "/problems/seats-gone",
        "title": "Plus de place",
        "status": 409,
        "detail": "Complet.",
        "waiting": 12,
    }


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en", "en"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("fr-CA,en;q=0.9", "fr"),
        ("de,en;q=0.5", "en"),
        ("de", "fr"),
        ("*", "fr"),
        ("de,*;q=0.5,en;q=0.1", "fr"),
        ("en;q=0", "fr"),
        ("fr;q=0.2,en;q=0.3", "en"),
        ("en;q=abc", "fr"),
        (",;q=,;;", "fr"),
        (None, "fr"),
    ],
)
def test_the_language_is_the_visitors_preferred_of_ours(header: str | None, language: str) -> None:
    assert problems.language_of(header) == language


async def test_each_field_is_named_with_a_stable_code_and_never_with_what_was_sent(app: FastAPI) -> None:
    sent = {"town": "X", "seats": 5000, "kind": "Camille", "at": "demain", "tags": ["ok", "NON-Camille"], "a/b~c": 1}
    async with _client(app, **{"accept-language": "en"}) as client:
        response = await client.post(f"/places/{_UUID}", json=sent)

    assert response.status_code == 422
    assert response.json()["type"] == "/problems/invalid-input"
    assert {(error["pointer"], error["code"]) for error in response.json()["errors"]} == {
        ("#/town", "too-short"),
        ("#/seats", "too-large"),
        ("#/kind", "not-a-choice"),
        ("#/at", "invalid-date"),
        ("#/tags/1", "wrong-format"),
        ("#/a~1b~0c", "unknown-field"),
    }
    assert "Camille" not in response.text
    assert "At least 2 character(s) are expected." in response.text


async def test_a_missing_field_is_required_and_says_so_in_french(app: FastAPI) -> None:
    async with _client(app) as client:
        response = await client.post(f"/places/{_UUID}", json={})

    assert response.json()["errors"] == [
        {"pointer": "#/town", "code": "required", "detail": "Ce champ est obligatoire."}
    ]


async def test_a_query_parameter_says_that_it_is_one(app: FastAPI) -> None:
    async with _client(app) as client:
        response = await client.get("/search", params={"limit": "beaucoup"})

    assert response.json()["errors"][0] | {"detail": ""} == {
        "pointer": "#/limit",
        "in": "query",
        "code": "wrong-type",
        "detail": "",
    }


@pytest.mark.parametrize(
    ("body", "content_type", "status", "slug"),
    [
        (b'{"town": ', "application/json", 400, "malformed-body"),
        (b"\xff\xfe\x00", "application/json", 400, "malformed-body"),
        (b"[]", "application/json", 422, "invalid-input"),
        (b"null", "application/json", 422, "invalid-input"),
        (b"", "application/json", 422, "invalid-input"),
        (b"town=Lyon", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        (b'{"town": "Lyon"}', "text/plain", 415, "unsupported-media-type"),
        (b'{"town": "Lyon"}', "application/json; charset=utf-8", 200, None),
        (b'{"town": "Lyon"}', "application/vnd.api+json", 200, None),
    ],
)
async def test_a_body_that_cannot_be_read_gets_the_status_that_says_why(
    app: FastAPI, body: bytes, content_type: str, status: int, slug: str | None
) -> None:
    async with _client(app, **{"content-type": content_type}) as client:
        response = await client.post(f"/places/{_UUID}", content=body)

    assert (response.status_code, response.json().get("type")) == (status, slug and f"/problems/{slug}")


async def test_an_address_with_an_impossible_id_leads_to_nothing(app: FastAPI) -> None:
    async with _client(app) as client:
        response = await client.post("/places/42", json={"town": "Lyon"})

    assert (response.status_code, response.json()["type"]) == (404, "/problems/not-found")


async def test_the_frameworks_own_errors_are_problems_too(app: FastAPI) -> None:
    async with _client(app) as client:
        missing, method, other = await client.get("/nowhere"), await client.put("/search"), await client.get("/teapot")

    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-found")
    assert (method.status_code, method.json()["type"]) == (405, "/problems/method-not-allowed")
    assert "GET" in method.headers["allow"]
    assert other.status_code == 418
    assert other.json() == {"type": "about:blank", "title": "I'm a Teapot", "status": 418}


async def test_headers_that_say_what_to_do_next_are_sent(app: FastAPI) -> None:
    async with _client(app) as client:
        assert (await client.get("/busy")).headers["retry-after"] == "7"
        assert (await client.get("/who")).headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("headers", [{}, {"idempotency-key": "short"}])
async def test_an_idempotency_key_that_is_missing_or_unusable_has_its_own_problem(
    app: FastAPI, headers: dict[str, str]
) -> None:
    async with _client(app) as client:
        response = await client.post("/keys", headers=headers)

    assert (response.status_code, response.json()["type"]) == (400, "/problems/idempotency-key-missing")


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("*/*", False),
        ("application/json", False),
        ("application/json,text/html;q=0.5", False),
        ("application/problem+json, text/html;q=0.9", False),
        ("", False),
    ],
)
async def test_a_browser_gets_the_applications_own_page(accept: str, page: bool) -> None:
    def render(request: Request, problem: problems.Problem) -> Response:
        return HTMLResponse(f"<h1>{problem.title(problems.language_of_request(request))}</h1>")

    app = _app()
    problems.install(app, render_html=render)
    async with _client(app, accept=accept, **{"accept-language": "en"}) as client:
        response = await client.get("/busy")

    assert response.status_code == 429
    assert response.headers["retry-after"] == "7"
    assert response.headers["content-language"] == "en"
    assert (response.text == "<h1>Too many requests in a short time</h1>") is page


async def test_a_service_may_give_its_own_words_to_its_own_rules() -> None:
    def check() -> None:
        raise PydanticCustomError("town-closed", "closed")

    app = Starlette()
    problems.install(app)
    found = problems.field_errors(
        [{"type": "town-closed", "loc": ("town",)}],
        messages={"town-closed": ("town-closed", problems.Text("Fermé.", "Closed."))},
    )

    assert [(error.field, error.code, error.detail("fr")) for error in found] == [("town", "town-closed", "Fermé.")]


async def test_every_kind_of_problem_is_explained_at_its_own_address(app: FastAPI) -> None:
    async with _client(app) as client:
        explained = await client.get("/problems/seats-gone")
        unknown = await client.get("/problems/unheard-of")

    assert "Raised in these tests alone." in explained.text
    assert unknown.status_code == 404


def test_every_problem_says_in_its_docstring_when_it_is_raised_and_has_words_in_both_languages() -> None:
    for slug, kind in every_problem().items():
        assert kind.__doc__ is not None, slug
        assert kind.__doc__.startswith(("Raised", "Answered")), slug
        assert kind.title.fr, slug
        assert kind.title.en, slug
        assert 400 <= kind.status < 600, slug


def test_the_document_describes_problems_once_and_validation_by_them(app: FastAPI) -> None:
    document = app.openapi()

    schemas = document["components"]["schemas"]
    assert {"Problem", "FieldProblem"} <= set(schemas)
    assert not {"HTTPValidationError", "ValidationError"} & set(schemas)
    answers = document["paths"]["/places/{place_id}"]["post"]["responses"]
    assert set(answers) == {"200", "403", "404", "409", "422"}
    for status in ("403", "404", "409", "422"):
        assert answers[status]["content"] == answers[status]["content"] | {
            "application/problem+json": answers[status]["content"]["application/problem+json"]
            | {"schema": {"$ref": "#/components/schemas/Problem"}}
        }
    assert "#/components/schemas/HTTPValidationError" not in str(document)


async def test_an_application_without_fastapi_has_problems_too() -> None:
    async def fails(request: Request) -> Response:
        raise problems.Unavailable(problems.Text("Revenez.", "Come back."))

    app = Starlette(routes=[Route("/", fails)])
    problems.install(app)
    async with _client(app) as client:
        response = await client.get("/")

    assert (response.status_code, response.json()["detail"], response.headers["retry-after"]) == (503, "Revenez.", "2")
