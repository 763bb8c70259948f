"""`GET /style`: every component of the look with its states and its markup, for who writes a page. Not meant for search engines."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from chassis import look
from services.registration.pages.rendering import page
from services.registration.pages.visits import READ, Visit, visit_of

PATH: Final = "/style"

router = APIRouter()


@router.api_route(PATH, methods=READ)
async def style(visit: Annotated[Visit, Depends(visit_of)]) -> Response:
    """Show the components."""
    return page("style.html", visit, {"colours": tuple(look.colours("light")), "demo": False})
