"""The stylesheet and the icon, under a name that holds a hash of their content: kept for a year, and never stale."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from chassis import look
from chassis.problems import NotFound

# Below the page's own path, so that one proxy rule brings both.
PREFIX: Final = "/statistiques/static"
_MEDIA_TYPES: Final = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}

router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/{name}")
async def asset(name: str) -> Response:
    """Send one asset."""
    found = _by_hashed_name().get(name)
    if found is None:
        raise NotFound
    return Response(
        found,
        media_type=_MEDIA_TYPES[name.rsplit(".", 1)[-1]],
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


def asset_path(name: str) -> str:
    """The address of an asset."""
    return f"{PREFIX}/{_hashed(name, _contents()[name])}"


@cache
def _contents() -> Mapping[str, bytes]:
    folder = files("services.analytics.pages").joinpath("static")
    found = {entry.name: entry.read_bytes() for entry in folder.iterdir()}
    return found | {"statistics.css": b"\n".join([look.styles(*look.SHARED), found["statistics.css"]])}


@cache
def _by_hashed_name() -> Mapping[str, bytes]:
    return {_hashed(name, content): content for name, content in _contents().items()}


def _hashed(name: str, content: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{sha256(content).hexdigest()[:10]}.{suffix}"
