"""`/b/{code}`: where the code of a ticket leads whoever reads it with any telephone. It is the same page for every code, and names nobody."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.registration.pages.rendering import page
from services.registration.pages.visits import READ, Visit, visit_of

router = APIRouter(prefix="/b")


@router.api_route("/{code}", methods=READ)
async def ticket_code(code: str, visit: Annotated[Visit, Depends(visit_of)]) -> Response:  # noqa: ARG001 - every code alike
    """Say that the code is read at the door."""
    return page("attendee/ticket_code.html", visit, {"demo": False}, cache_control="no-store")
