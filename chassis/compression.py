"""Answers leave compressed where the client takes gzip, except those that say `no-store`.

A page that holds a secret (the token of a link) says `no-store`, and one that says so stays as it is: where a secret and what a
stranger chose are compressed together, the length of the answer tells about the secret (BREACH). All else is the same for
everybody or was typed by who reads it. gzip alone: every phone takes it, and it is in the standard library.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware, GZipResponder
from starlette.types import Message, Receive, Scope, Send

SMALLEST = 800
"""Bytes; less fits into one packet with its headers anyway."""
LEVEL = 6
"""As zlib itself would: 9 takes half as long again for one percent."""


class Compression(GZipMiddleware):
    """Compresses what may be."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; clients without gzip are told nothing but that it varies."""
        if scope["type"] == "http" and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            await _Responder(self.app, SMALLEST, LEVEL)(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class _Responder(GZipResponder):
    async def send_with_compression(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            if "no-store" in headers.get("cache-control", ""):
                self.content_encoding_set = True
                await self.send(message)
                return
            if (tag := headers.get("etag", "")).startswith('"'):
                headers["etag"] = f"W/{tag}"  # the same content, no longer the same bytes (RFC 9110, 8.8.3)
        await super().send_with_compression(message)
