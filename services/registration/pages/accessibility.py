"""`GET /accessibilite`: what the law asks every site to declare, filled in with what is known and nothing more."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.registration.pages.rendering import page
from services.registration.pages.visits import READ, Visit, visit_of
from services.registration.wiring import operator_of

PATH: Final = "/accessibilite"

DECLARED: Final = datetime(2026, 11, 23)  # noqa: DTZ001 - a date on paper, the same everywhere
"""When the declaration was last gone through; it is valid for three years (RGAA 4.1.2)."""

router = APIRouter()


@router.api_route(PATH, methods=READ)
async def accessibility(request: Request, visit: Annotated[Visit, Depends(visit_of)]) -> Response:
    """Show the declaration. Its state is "non conforme" until an audit says otherwise: the law knows no other word before."""
    values = {"operator": operator_of(request), "declared": DECLARED, "demo": False}
    return page("accessibility.html", visit, values)
