"""The stylesheet, the icon and the one script, under a name that holds a hash of their content: kept for a year, and never stale.

The stylesheet is one request: what all pages share (`chassis.look`), then `styles/*.css`, one idea a file, in the order of `STYLES`.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from chassis import look

router = APIRouter(prefix="/static", include_in_schema=False)

STYLES = (
    "words",
    "buttons",
    "fields",
    "questions",
    "together",
    "notices",
    "cards",
    "tables",
    "calendar",
    "ticket",
    "programme",
    "filters",
    "meetup",
    "privacy",
    "media",
    "print",
    "attendee",
)
"""Parts of `rencontres.css` after those all services share (`chassis.look`), in their order: what comes later wins."""

_MEDIA_TYPES = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml", "js": "text/javascript; charset=utf-8"}


@router.api_route("/{name}", methods=["GET", "HEAD"])
async def asset(name: str) -> Response:
    """Send one asset."""
    found = _assets().get(name)
    if found is None:
        raise HTTPException(404)
    media_type = _MEDIA_TYPES[name.rsplit(".", 1)[-1]]
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(found, media_type=media_type, headers=headers)


def asset_path(name: str) -> str:
    """Return the address of an asset under its hashed name."""
    return f"/static/{_hashed_names()[name]}"


@cache
def asset_contents() -> Mapping[str, bytes]:
    """Return every asset by its plain name."""
    package = files("services.registration")
    found = {
        entry.name: entry.read_bytes()
        for entry in package.joinpath("static").iterdir()
        if entry.name.rsplit(".", 1)[-1] in _MEDIA_TYPES
    }
    folder = package.joinpath("styles")
    own = [folder.joinpath(f"{part}.css").read_bytes() for part in STYLES]
    return found | {"rencontres.css": b"\n".join([look.styles(*look.SHARED), *own])}


@cache
def _hashed_names() -> Mapping[str, str]:
    return {name: _hashed(name, content) for name, content in asset_contents().items()}


@cache
def _assets() -> Mapping[str, bytes]:
    return {_hashed(name, content): content for name, content in asset_contents().items()}


def _hashed(name: str, content: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{sha256(content).hexdigest()[:10]}.{suffix}"
