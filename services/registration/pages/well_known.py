"""`/.well-known/security.txt` (RFC 9116) and `/robots.txt` (RFC 9309): for those who look for holes, and for those who index."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from services.registration.pages.catalogue import catalogues
from services.registration.pages.visits import READ
from services.registration.wiring import public_url_of, security_contact_of, work_of

router = APIRouter()

LASTS = timedelta(days=180)
"""What it says is true for half a year from each day it is asked for; RFC 9116 wants less than a year."""
_PRIVATE = ("/inscriptions/", "/mes-inscriptions", "/b/")
"""Pages of one person, in every language."""


@router.api_route("/.well-known/security.txt", methods=READ)
async def security_txt(request: Request) -> PlainTextResponse:
    """Say whom to tell about a vulnerability."""
    today = datetime.combine(work_of(request).clock.now().astimezone(UTC).date(), datetime.min.time(), UTC)
    lines = (
        f"Contact: {security_contact_of(request)}",
        f"Expires: {today + LASTS:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(catalogues())}",
        f"Canonical: {public_url_of(request)}/.well-known/security.txt",
    )
    return _text(lines)


@router.api_route("/robots.txt", methods=READ)
async def robots_txt(request: Request) -> PlainTextResponse:
    """Keep pages of one person, programs' addresses and the endless pages of filters out of search engines."""
    private = [f"Disallow: {texts.prefix}{path}" for texts in catalogues().values() for path in _PRIVATE]
    lines = (
        "User-agent: *",
        *private,
        "Disallow: /api/",
        "Disallow: /*?",
        "",
        f"Sitemap: {public_url_of(request)}/sitemap.xml",
    )
    return _text(lines)


def default_contact(contact: str, public_url: str) -> str:
    """Return where a vulnerability is told of unless the settings say otherwise: the site's own contact, or security@ its host."""
    return f"mailto:{contact or 'security@' + (urlsplit(public_url).hostname or 'localhost')}"


def _text(lines: tuple[str, ...]) -> PlainTextResponse:
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "public, max-age=86400"})
