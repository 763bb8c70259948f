"""The reference page of an HTTP API, made on the server from the application's own OpenAPI document.

FastAPI's page loads its scripts from a CDN, which our pages never do; this one has no script at all.
Never holds a text of its own about an operation: what is missing here is missing in the document.
"""

from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router

from chassis import look
from chassis.reference_page.document import Document
from chassis.reference_page.page import contents, page

PATH = "/docs"
STYLESHEET = f"{PATH}/reference.css"


class Described(Protocol):
    """An application that describes itself: FastAPI."""

    @property
    def router(self) -> Router:
        """Where the two routes are added."""

    @property
    def openapi(self) -> Callable[[], Mapping[str, object]]:
        """The document; looked up when it is first read, since others may still replace it."""


def install(app: Described) -> None:
    """Serve the page at `/docs`. The application has `docs_url=None` and its document at `/openapi.json`."""

    @cache
    def described() -> Document:
        return Document.model_validate(app.openapi())

    @cache
    def body() -> str:
        return contents(described())

    async def reference(request: Request) -> Response:
        origin = str(request.base_url).rstrip("/")
        return HTMLResponse(page(described(), body(), origin=origin, version=_version()), headers=_UNCACHED)

    app.router.routes.extend(
        (
            Route(PATH, reference, include_in_schema=False),
            Route(STYLESHEET, _stylesheet, include_in_schema=False),
        )
    )


_UNCACHED = {"Cache-Control": "no-cache", "Content-Language": "en"}  # it names the host it was asked under
_FOR_A_YEAR = {"Cache-Control": "public, max-age=31536000, immutable"}  # the page asks for it by its hash


async def _stylesheet(_: Request) -> Response:
    return Response(stylesheet(), media_type="text/css", headers=_FOR_A_YEAR)


@cache
def stylesheet() -> bytes:
    """The look of the page: tokens and elements of all pages, and its own pieces."""
    return b"\n".join([look.styles("tokens", "elements"), files(__name__).joinpath("reference.css").read_bytes()])


@cache
def _version() -> str:
    return sha256(stylesheet()).hexdigest()[:10]
