"""What stands before every page: only this machine by name, and nothing loaded from anywhere else.

The mailbox shows private links. A web page elsewhere could make a browser reach the console under a name it controls
(DNS rebinding), so any other `Host` than this machine's is turned away.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class OnlyThisMachine:
    """ASGI middleware: 421 for another host's name, strict headers on every answer that does not bring its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if is_local(Headers(scope=scope).get("host", "")):
            await self._app(scope, receive, send_strictly)
        else:
            refusal = PlainTextResponse("This console answers to 127.0.0.1 and localhost only.\n", status_code=421)
            await refusal(scope, receive, send_strictly)


def is_local(host: str) -> bool:
    """Whether a `Host` header names this machine, with or without a port."""
    name, colon, port = host.lower().rpartition(":")
    if not colon or host.endswith("]"):
        name, port = host.lower(), ""
    return name in _LOCAL_NAMES and (not port or port.isdigit())
