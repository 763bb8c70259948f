"""The three questions asked of every process: is its loop alive (`/healthz`), can it do its work (`/readyz`), how is it doing (`/metrics`).

All three are served by the process's own event loop, so that a frozen loop answers none of them. They tell strangers nothing: where the
public reaches a process, they are served on a port of their own (ADR 0039).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chassis import exemplars, telemetry
from chassis.discretion import describe
from chassis.serving import Server

Check = Callable[[], Awaitable[str | None]] | Callable[[], Awaitable[None]]
"""Returns (with a remark, or None) when all is well, raises what stands in the way."""

PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
CHECK_TIMEOUT = 2.0
FRESH_FOR = 0.5  # a public process may be asked by anybody: at most two rounds of checks a second, whoever asks


@dataclass(frozen=True, slots=True)
class State:
    """The answer of one check; `since` is when it last changed between ok and not."""

    ok: bool
    detail: str
    since: str


class Probes:
    """The named checks of a process. Ready when all pass, and no longer once it is being stopped."""

    def __init__(self, checks: Mapping[str, Check] | None = None, *, timeout: float = CHECK_TIMEOUT) -> None:
        self._checks: dict[str, Check] = dict(checks or {})
        self._timeout = timeout
        self._states: dict[str, State] = {}
        self._round: asyncio.Task[None] | None = None
        self._asked_at = float("-inf")
        self._stopping = False

    def add(self, name: str, check: Check) -> None:
        """Add a check."""
        self._checks[name] = check

    def stop(self) -> None:
        """From now on not ready: no new work, please."""
        self._stopping = True

    async def ask(self) -> tuple[bool, dict[str, State]]:
        """Whether the process can do its work, and each check's answer, at most half a second old."""
        now = asyncio.get_running_loop().time()
        if self._round is None or (self._round.done() and now - self._asked_at > FRESH_FOR):
            self._asked_at = now
            self._round = asyncio.create_task(self._ask_all(), name="readiness checks")
        await asyncio.shield(self._round)
        return not self._stopping and all(state.ok for state in self._states.values()), dict(self._states)

    def routes(self) -> list[BaseRoute]:
        """The three probes, to be mounted into an HTTP application or served alone."""
        return [
            Route("/healthz", _alive, include_in_schema=False),
            Route("/readyz", self._ready, include_in_schema=False),
            Route("/metrics", _metrics, include_in_schema=False),
        ]

    async def _ready(self, _request: Request) -> Response:
        ready, states = await self.ask()
        status = "stopping" if self._stopping else "ready" if ready else "not ready"
        body = {"status": status, "checks": {name: asdict(state) for name, state in states.items()}}
        return JSONResponse(body, 200 if ready else 503, _NO_STORE)

    async def _ask_all(self) -> None:
        names = list(self._checks)
        answers = await asyncio.gather(*(self._ask_one(self._checks[name]) for name in names))
        for name, (ok, detail) in zip(names, answers, strict=True):
            before = self._states.get(name)
            since = before.since if before is not None and before.ok == ok else _now()
            self._states[name] = State(ok, detail, since)

    async def _ask_one(self, check: Check) -> tuple[bool, str]:
        try:
            async with asyncio.timeout(self._timeout):
                return True, await check() or ""
        except TimeoutError:
            return False, f"no answer within {self._timeout:g} s"
        except Exception as error:  # noqa: BLE001 (whatever a check raises is its answer)
            return False, describe(error)


class ProbeServer(AbstractAsyncContextManager["ProbeServer"]):
    """Serves the probes of a process that has no HTTP of its own; `port` 0 or None takes a free one."""

    def __init__(self, port: int | None, probes: Probes, *, host: str = "127.0.0.1") -> None:
        self._probes = probes
        self._server = Server(Starlette(routes=probes.routes()), host=host, port=port or 0, grace=1.0)

    @property
    def port(self) -> int:
        """The port listened on, once entered."""
        return self._server.port

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._probes.stop()
        await self._server.stop()


def served_apart(probes: Probes, port: int | None, *, host: str) -> AbstractAsyncContextManager[ProbeServer | None]:
    """Serve the probes of a site or API on a port of their own, when one is named; else they belong among its own routes."""
    return nullcontext() if port is None else ProbeServer(port, probes, host=host)


async def _alive(_request: Request) -> Response:
    return JSONResponse({"status": "alive"}, headers=_NO_STORE)


async def _metrics(request: Request) -> Response:
    if exemplars.OPENMETRICS in request.headers.get("accept", ""):
        return Response(telemetry.openmetrics(), media_type=exemplars.CONTENT_TYPE, headers=_NO_STORE)
    return Response(telemetry.prometheus_text(), media_type=telemetry.METRICS_CONTENT_TYPE, headers=_NO_STORE)


_NO_STORE = {"cache-control": "no-store"}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
