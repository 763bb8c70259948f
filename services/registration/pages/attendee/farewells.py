"""`/donnees-effacees`, `/place-refusee`: pages after an erasure, which took the link with it, know nobody."""

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
    return page("attendee/erased.html", visit, {"demo": False, "about": "erased"})


@router.api_route("/place-refusee", methods=READ)
async def refused(visit: Visited) -> Response:
    """Say to somebody whom somebody else had named that what was given about them is gone."""
    return page("attendee/erased.html", visit, {"demo": False, "about": "named.refused"})
