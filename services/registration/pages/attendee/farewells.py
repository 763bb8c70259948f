"""Pages for after a link has ended: they follow an act that took the link with it, and know nobody."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.registration.pages.rendering import page
from services.registration.pages.visits import READ, Visit, visit_of

router = APIRouter()

Visited = Annotated[Visit, Depends(visit_of)]


@router.api_route("/donnees-effacees", methods=READ)
async def erased(visit: Visited) -> Response:
    """Say that the data are gone."""
    return page("attendee/erased.html", visit, {"demo": False})


@router.api_route("/place-cedee", methods=READ)
async def handed_over(visit: Visited) -> Response:
    """Say that the seat is somebody else's now."""
    return page("attendee/handed_over.html", visit, {"demo": False})
