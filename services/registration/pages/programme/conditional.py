"""What is fetched again and again is sent once: an ETag of its content, and 304 for who has it already (RFC 9110, 13.1.2)."""

from hashlib import sha256

from fastapi import Request
from fastapi.responses import Response

LASTS = 600
"""Seconds for which a copy is good enough."""


def conditional(
    request: Request, content: bytes, *, media_type: str, headers: dict[str, str] | None = None
) -> Response:
    """Answer with the content, or with 304 where the caller holds this very content."""
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    sent = {"ETag": tag, "Cache-Control": f"public, max-age={LASTS}", **(headers or {})}
    if _holds(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=sent)
    return Response(content, media_type=media_type, headers=sent)


def _holds(header: str, tag: str) -> bool:
    """Compare weakly: compression makes a tag weak, and the content is what counts."""
    held = {part.strip().removeprefix("W/") for part in header.split(",")}
    return tag in held or "*" in held
