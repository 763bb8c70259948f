"""`/donnees-effacees`: the page after an erasure, which took the link with it, knows nobody."""

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
