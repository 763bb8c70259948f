"""What every HTTP request goes through: a server span, a duration, security headers, a limit on its body.

Plain ASGI, since this is the hot path. Neither a query string nor a path is recorded, only the route's template: both may hold
what somebody typed.
"""

from time import perf_counter
from typing import Final

from opentelemetry import context as active
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import logging, telemetry
from chassis.client_address import ClientAddress, TrustedProxies
from chassis.compression import Compression
from chassis.health import PATHS
from chassis.problems import InternalError, PayloadTooLarge, respond

MAX_BODY = 1024 * 1024
STRICT_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_BUCKETS = (
    0.005,
    0.01,
    0.025,
    0.05,
    0.075,
    0.1,
    0.25,
    0.5,
    0.75,
    1.0,
    2.5,
    5.0,
    7.5,
    10.0,
)  # semantic conventions 1.44
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})

_log = logging.get(__name__)
_tracer = telemetry.tracer("http")
_duration = telemetry.meter("http").create_histogram(
    "http.server.request.duration",
    unit="s",
    description="Duration of HTTP server requests.",
    explicit_bucket_boundaries_advisory=_BUCKETS,
)


def install(
    app: Starlette, *, csp: str = STRICT_CSP, max_body: int = MAX_BODY, proxies: TrustedProxies | None = None
) -> None:
    """Put the middlewares around an application; call it after every other `add_middleware`."""
    _turn_off_native_telemetry(app)
    app.add_middleware(BodyLimit, max_body=max_body)
    app.add_middleware(Compression)
    app.add_middleware(ServerSpan)
    app.add_middleware(SecurityHeaders, csp=csp)  # outside: its headers are on the 500 of ServerSpan, too
    app.add_middleware(ClientAddress, proxies=proxies or TrustedProxies())  # the outermost: all others see the client


class ServerSpan:
    """Spans and times each request, tells the client its trace (`traceresponse`), and turns what nobody handled into a 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; probes and anything but HTTP pass untouched."""
        if scope["type"] != "http" or scope["path"] in PATHS:
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        attributes: dict[str, str | int] = {"http.request.method": method, "url.scheme": scope["scheme"]}
        root = scope.get("root_path", "")
        started = perf_counter()
        span = _tracer.start_span(
            "HTTP" if method == "_OTHER" else method, context=Context(), kind=SpanKind.SERVER, links=_caller(scope)
        )
        here = trace.set_span_in_context(span)
        token = active.attach(here)
        answer = _Answer(send, span)
        try:
            await self._app(scope, receive, answer.send)
        except Exception as error:  # noqa: BLE001 (the edge: whatever it is, it is logged here and answered with 500)
            attributes["error.type"] = type(error).__name__
            _log.error("a request failed", route=_route(scope, root), exc_info=error)
            if answer.status == 0:
                await respond(Request(scope), InternalError())(scope, receive, answer.send)
        finally:
            _finish(span, answer.status, _route(scope, root), attributes)
            _duration.record(perf_counter() - started, attributes, context=here)
            span.end()
            active.detach(token)


class _Answer:
    """Passes the response on, noting its status and adding `traceresponse` (W3C Trace Context, level 2)."""

    __slots__ = ("_send", "_span", "status")

    def __init__(self, send: Send, span: Span) -> None:
        self._send = send
        self._span = span
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            context = self._span.get_span_context()
            if context.is_valid:
                value = f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags & 1:02x}"
                message["headers"] = [*message.get("headers", ()), (b"traceresponse", value.encode())]
        await self._send(message)


def _finish(span: Span, status: int, route: str | None, attributes: dict[str, str | int]) -> None:
    if route is not None:
        attributes["http.route"] = route
        span.update_name(f"{attributes['http.request.method']} {route}")
    if status:
        attributes["http.response.status_code"] = status
    if status >= 500 or status == 0:
        attributes.setdefault("error.type", str(status) if status else "disconnected")
        span.set_status(Status(StatusCode.ERROR))
    span.set_attributes(attributes)  # once, at the end: each time costs 5 µs


def _caller(scope: Scope) -> list[Link] | None:
    """A link to the client's span, never a parent: strangers would choose our trace ids, or switch the trace of their request off.

    `tracestate` is left out: every event of the request would keep it for ever.
    """
    for name, value in scope["headers"]:
        if name == b"traceparent":
            return telemetry.links_to([{"traceparent": value.decode("latin-1")}])
    return None


def _route(scope: Scope, root: str) -> str | None:
    """The template of the route that was taken, from the root: prefixes of routers and mounts included."""
    included = scope.get("fastapi", {}).get(
        "effective_route_context"
    )  # FastAPI's route knows only its own router's prefix
    path = getattr(included, "path_format", None) or getattr(scope.get("route"), "path", None)
    if path is None:
        return None
    mounted = scope.get("root_path", "")[len(root) :]
    return f"{mounted}{path}"


class SecurityHeaders:
    """Adds the headers that keep a browser from doing what our pages never ask for; a header the application set stays."""

    def __init__(self, app: ASGIApp, *, csp: str = STRICT_CSP) -> None:
        self._app = app
        self._headers: Final = (
            (b"content-security-policy", csp.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"permissions-policy", b"camera=(self), geolocation=(), microphone=(), payment=(), usb=()"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
        )
        self._secure: Final = (*self._headers, (b"strict-transport-security", b"max-age=31536000; includeSubDomains"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ours = self._secure if scope["scheme"] == "https" else self._headers

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                theirs = list(message.get("headers", ()))
                present = {name for name, _ in theirs}
                message["headers"] = theirs + [header for header in ours if header[0] not in present]
            await send(message)

        await self._app(scope, receive, send_with_headers)


class BodyLimit:
    """Answers 413 to a body that is, or turns out to be, larger than `max_body` bytes, without reading on."""

    def __init__(self, app: ASGIApp, *, max_body: int = MAX_BODY) -> None:
        self._app = app
        self._max = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        if _declared_length(scope) > self._max:
            await self._refuse(scope, receive, send)
            return
        gate = _Gate(receive, send, self._max)
        try:
            await self._app(scope, gate.receive, gate.send)
        except _TooLarge:
            gate.tripped = True
        if gate.tripped and not gate.started:
            await self._refuse(scope, receive, send)

    @staticmethod
    async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await respond(Request(scope), PayloadTooLarge(headers={"Connection": "close"}))(scope, receive, send)


class _TooLarge(Exception):
    """Stops the reading of a body that grew beyond the limit; whatever the application makes of it, 413 is answered."""


class _Gate:
    """Counts what comes in, and holds back the answer to a body that was too large."""

    __slots__ = ("_max", "_receive", "_send", "_size", "started", "tripped")

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive, self._send, self._max = receive, send, limit
        self._size = 0
        self.started = False
        self.tripped = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > self._max:
            self.tripped = True
            raise _TooLarge
        return message

    async def send(self, message: Message) -> None:
        if self.tripped and not self.started:
            return
        self.started = True
        await self._send(message)


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _turn_off_native_telemetry(app: Starlette) -> None:
    """FastAPI (0.165) would make a second span of each request, one that records the path and the query string."""
    native = getattr(app, "_telemetry", None)
    if native is not None:
        native.update(tracing=False, metrics=False, logs=False)
