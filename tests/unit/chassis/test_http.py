"""What each request goes through: its span, its duration, its headers, the limit on its body, and the last net under it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from chassis import http, problems
from chassis.health import Probes
from tests.fixtures.telemetry import Spans

_LIMIT = 1000


def _app() -> FastAPI:  # noqa: C901 (one small route after the other)
    app = FastAPI()
    router = APIRouter(prefix="/meetups")

    @router.get("/{meetup_id}")
    async def show(meetup_id: str) -> str:
        return meetup_id

    @router.post("/{meetup_id}")
    async def add(request: Request, meetup_id: str) -> int:
        return len(await request.body())

    @app.get("/fails")
    async def fails() -> None:
        raise ValueError("Camille Durand")

    @app.get("/refuses")
    async def refuses() -> None:
        raise problems.Unavailable

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"one"
            raise ValueError("Camille Durand")

        return StreamingResponse(parts())

    @app.post("/swallows")
    async def swallows(request: Request) -> str:
        try:
            await request.body()
        except Exception:  # noqa: BLE001 (as a careless framework does)
            return "fine"
        return "read"

    @app.post("/ignores")
    async def ignores() -> str:
        return "not read"

    async def inner(request: Request) -> Response:
        return PlainTextResponse("inner", headers={"content-security-policy": "default-src *"})

    app.include_router(router, prefix="/api/v1")
    app.mount("/mounted", Starlette(routes=[Route("/{name}", inner)]))
    app.router.routes.extend(Probes().routes())
    problems.install(app)
    http.install(app, max_body=_LIMIT)
    return app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(_app()), base_url="http://test") as client:
        yield client


async def test_a_request_is_one_server_span_named_after_its_route(client: httpx.AsyncClient, spans: Spans) -> None:
    await client.get("/api/v1/meetups/42", params={"email": "camille@example.org"})

    span = spans.one("GET /api/v1/meetups/{meetup_id}")

    assert len(spans.all()) == 1
    assert span.kind is SpanKind.SERVER
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "url.scheme": "http",
        "http.route": "/api/v1/meetups/{meetup_id}",
        "http.response.status_code": 200,
    }
    assert span.status.status_code is StatusCode.UNSET


async def test_neither_query_nor_path_nor_address_of_the_client_is_recorded(
    client: httpx.AsyncClient, spans: Spans
) -> None:
    await client.get("/camille@example.org", params={"jeton": "secret"}, headers={"user-agent": "Camille"})

    text = spans.texts()

    assert spans.one("GET").attributes == {
        "http.request.method": "GET",
        "url.scheme": "http",
        "http.response.status_code": 404,
    }
    assert not [word for word in ("camille", "Camille", "secret", "127.0.0.1") if word in text]


async def test_a_route_of_a_mounted_application_is_named_from_the_root(client: httpx.AsyncClient, spans: Spans) -> None:
    await client.get("/mounted/x")

    assert len(spans.named("GET /mounted/{name}")) == 1


async def test_a_request_has_a_trace_of_its_own_linked_to_its_callers_and_tells_it(
    client: httpx.AsyncClient, spans: Spans
) -> None:
    theirs = "0af7651916cd43dd8448eb211c80319c"
    headers = {"traceparent": f"00-{theirs}-b7ad6b7169203331-01", "tracestate": f"camille={'x' * 200}"}
    response = await client.get("/api/v1/meetups/1", headers=headers)

    span = spans.all()[0]
    [link] = span.links

    assert span.parent is None
    assert span.context is not None
    assert (f"{link.context.trace_id:032x}", f"{link.context.span_id:016x}") == (theirs, "b7ad6b7169203331")
    assert not span.context.trace_state
    assert not link.context.trace_state
    assert f"{span.context.trace_id:032x}" != theirs
    expected = f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}-01"
    assert response.headers["traceresponse"] == expected


async def test_nobody_can_switch_off_the_trace_of_their_own_request(client: httpx.AsyncClient, spans: Spans) -> None:
    unsampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
    response = await client.get("/api/v1/meetups/1", headers={"traceparent": unsampled})

    assert len(spans.all()) == 1
    assert response.headers["traceresponse"].endswith("-01")


async def test_a_rubbish_traceparent_is_ignored(client: httpx.AsyncClient, spans: Spans) -> None:
    await client.get("/api/v1/meetups/1", headers={"traceparent": "00-zz-01"})

    assert (spans.all()[0].parent, list(spans.all()[0].links)) == (None, [])


async def test_probes_are_neither_traced_nor_timed(client: httpx.AsyncClient, spans: Spans) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert (await client.get(path)).status_code == 200

    assert spans.all() == []


async def test_a_strange_method_cannot_make_names_of_its_own(client: httpx.AsyncClient, spans: Spans) -> None:
    response = await client.request("CAMILLE", "/api/v1/meetups/1")

    assert response.status_code == 405
    assert (spans.all()[0].attributes or {})["http.request.method"] == "_OTHER"
    assert "CAMILLE" not in spans.texts()


async def test_what_nobody_handles_is_a_500_that_tells_nothing_and_a_failed_span(
    client: httpx.AsyncClient, spans: Spans, caplog: pytest.LogCaptureFixture
) -> None:
    response = await client.get("/fails")

    span = spans.one("GET /fails")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "/problems/internal-error"
    assert span.context is not None
    assert response.json()["trace_id"] == f"{span.context.trace_id:032x}"
    assert "Camille" not in response.text
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes is not None
    assert (span.attributes["error.type"], span.attributes["http.response.status_code"]) == ("ValueError", 500)


async def test_a_refusal_of_ours_with_5xx_marks_the_span_and_4xx_does_not(
    client: httpx.AsyncClient, spans: Spans
) -> None:
    await client.get("/refuses")
    await client.get("/api/v1/nowhere")

    refused, missing = spans.all()

    assert refused.status.status_code is StatusCode.ERROR
    assert (refused.attributes or {})["error.type"] == "503"
    assert missing.status.status_code is StatusCode.UNSET


async def test_a_failure_after_the_answer_began_marks_the_span(client: httpx.AsyncClient, spans: Spans) -> None:
    with pytest.raises(AssertionError):  # the test client's way to say that the answer was cut short
        await client.get("/stream")

    assert (spans.all()[0].attributes or {})["error.type"] == "ValueError"


async def test_a_client_that_leaves_is_seen_in_the_span(spans: Spans) -> None:
    async def leaves(scope: Scope, receive: Receive, send: Send) -> None:
        return

    scope = {"type": "http", "method": "GET", "path": "/", "scheme": "http", "headers": []}
    await http.ServerSpan(leaves)(scope, _never, _ignore)

    assert (spans.all()[0].attributes or {})["error.type"] == "disconnected"
    assert not trace.get_current_span().get_span_context().is_valid


async def test_security_headers_are_on_every_answer_and_the_applications_own_stay(client: httpx.AsyncClient) -> None:
    for path in ("/api/v1/meetups/1", "/nowhere", "/fails", "/healthz"):
        headers = (await client.get(path)).headers
        assert headers["content-security-policy"] == http.STRICT_CSP
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "strict-transport-security" not in headers
    assert (await client.get("/mounted/x")).headers.get_list("content-security-policy") == ["default-src *"]


async def test_strict_transport_security_is_promised_over_https_alone() -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(_app()), base_url="https://test") as client:
        assert "max-age=" in (await client.get("/nowhere")).headers["strict-transport-security"]


@pytest.mark.parametrize(("size", "status"), [(_LIMIT, 200), (_LIMIT + 1, 413)])
async def test_a_body_within_the_limit_is_read_and_a_larger_one_refused(
    client: httpx.AsyncClient, size: int, status: int
) -> None:
    response = await client.post("/api/v1/meetups/1", content=b"x" * size)

    assert response.status_code == status
    if status == 413:
        assert response.json()["type"] == "/problems/payload-too-large"


@pytest.mark.parametrize("path", ["/api/v1/meetups/1", "/swallows"])
async def test_a_body_that_grows_beyond_the_limit_is_refused_whatever_the_application_makes_of_it(
    client: httpx.AsyncClient, path: str
) -> None:
    async def grows() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100

    response = await client.post(path, content=grows())

    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_declared_size_beyond_the_limit_is_refused_even_where_no_body_is_read(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.post("/ignores", content=b"x" * (_LIMIT + 1))).status_code == 413


async def test_other_protocols_pass_untouched() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(str(scope["type"]))

    for wrap in (http.ServerSpan, http.SecurityHeaders, http.BodyLimit):
        await wrap(app)({"type": "lifespan"}, _never, _ignore)

    assert seen == ["lifespan"] * 3


async def _never() -> Message:
    raise AssertionError("nothing is read")


async def _ignore(message: Message) -> None:
    return None
