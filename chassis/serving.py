"""uvicorn inside a loop that is somebody else's: no signal handlers, no exit, no log of its own."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BACKLOG = 2048
_KEEP_ALIVE = 30  # seconds; reverse proxies keep their connections for about a minute and retry on a closed one


class PortTaken(Exception):
    """Raised at start when the port to listen on belongs to another process; nothing is served."""


class ApplicationDidNotStart(Exception):
    """Raised at start when the application's own start-up failed; the reason stands in the log above it."""


class Server:
    """An HTTP server on the running loop. `grace` is how long requests under way may take once it is stopped."""

    def __init__(self, app: ASGIApp, *, host: str, port: int, grace: float = 15.0) -> None:
        self._host, self._port = host, port
        self._parting = _Parting(app)
        self._uvicorn = _Embedded(
            uvicorn.Config(
                self._parting,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # `chassis.client_address` says why
                timeout_graceful_shutdown=max(1, round(grace)),
                timeout_keep_alive=_KEEP_ALIVE,
                backlog=_BACKLOG,
                ws="none",
                h11_max_incomplete_event_size=16 * 1024,
            )
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port listened on."""
        return self._port

    async def start(self) -> None:
        """Return when it listens. Raises PortTaken or ApplicationDidNotStart."""
        listening = _listen(self._host, self._port)
        self._port = int(listening.getsockname()[1])
        self._task = asyncio.create_task(self._uvicorn.serve([listening]), name=f"http server on {self._port}")
        while not self._uvicorn.started:
            await asyncio.wait({self._task}, timeout=0.01)
            if self._task.done():
                self._task.result()

    async def ended(self) -> None:
        """Return when it no longer serves, for whatever reason."""
        if self._task is not None:
            await asyncio.shield(self._task)

    def part(self) -> None:
        """Go on serving, and ask for each connection to be closed after its next answer: whoever keeps one looks for another server."""
        self._parting.begun = True

    async def stop(self) -> None:
        """Stop listening, let the requests under way end within the grace, close."""
        self._uvicorn.should_exit = True
        await self.ended()


class _Parting:
    """Says `Connection: close` once parting has begun: what is sent over a kept connection in the moment it is closed is lost to the client."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, self._with_farewell(send) if self.begun and scope["type"] == "http" else send)

    @staticmethod
    def _with_farewell(send: Send) -> Send:
        async def send_and_close(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [header for header in message.get("headers", ()) if header[0] != b"connection"]
                message["headers"] = [*headers, (b"connection", b"close")]
            await send(message)

        return send_and_close


class _Embedded(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the process."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Fail as other parts fail, instead of exiting out of the loop of others."""
        try:
            await super().startup(sockets)
        except SystemExit as exit_:
            raise ApplicationDidNotStart("the application failed at its start-up") from exit_


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortTaken(f"cannot listen on {host}:{port}: {error.strerror}") from error
    listening.setblocking(False)
    return listening
