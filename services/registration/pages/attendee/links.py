"""`/mes-inscriptions`: links found again by asking with the e-mail address. The same page for every address."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from contracts.fact import Locale
from services.registration import links
from services.registration.api.links import LinksRequest
from services.registration.defences import by_address
from services.registration.defences.kinds import Kind
from services.registration.pages.attendee.faults import faults
from services.registration.pages.rendering import page
from services.registration.pages.views import FieldError
from services.registration.pages.visits import READ, Visit, visit_of
from services.registration.wiring import work_of

router = APIRouter(prefix="/mes-inscriptions")

Visited = Annotated[Visit, Depends(visit_of)]


@router.api_route("", methods=READ)
async def ask_page(visit: Visited, demande: str = "") -> Response:
    """Show the question, or that it was received."""
    return _page(Visit(visit.texts, "/mes-inscriptions"), received=demande == "recue")


@router.post("")
async def ask(request: Request, visit: Visited) -> Response:
    """Take the address, and say the same whatever it is (303); what can be no address is said (422)."""
    sent = (await request.form(max_files=0, max_fields=5)).get("email")
    typed = sent.strip() if isinstance(sent, str) else ""
    try:
        asked = LinksRequest(email=typed, locale=cast("Locale", visit.texts.language))
    except ValidationError as wrong:
        return _page(visit, typed=typed, errors=faults(wrong, ("email",)), status=422)
    by_address.count(request, Kind.LINKS, asked.email)
    await links.ask(work_of(request), email=asked.email, locale=asked.locale)
    return RedirectResponse(
        visit.at("/mes-inscriptions", demande="recue"), status_code=303, headers={"Cache-Control": "no-store"}
    )


def _page(
    visit: Visit, *, received: bool = False, typed: str = "", errors: tuple[FieldError, ...] = (), status: int = 200
) -> Response:
    values = {"received": received, "typed": typed, "errors": errors, "demo": False}
    return page("attendee/links.html", visit, values, status=status)
