"""`/mes-inscriptions`: links found again by asking with the e-mail address. The same page for every address."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from services.registration import links
from services.registration.api.links import LinksRequest
from services.registration.defences import by_address
from services.registration.defences.kinds import Kind
from services.registration.pages import forms
from services.registration.pages.faults import faults
from services.registration.pages.form_views import Form
from services.registration.pages.rendering import page
from services.registration.pages.visits import READ, Visit, visit_of
from services.registration.wiring import work_of

router = APIRouter(prefix="/mes-inscriptions")

Visited = Annotated[Visit, Depends(visit_of)]


@router.api_route("", methods=READ)
async def ask_page(visit: Visited, demande: str = "") -> Response:
    """Show the question, or that it was received."""
    return _page(Visit(visit.texts, "/mes-inscriptions"), Form(), received=demande == "recue")


@router.post("")
async def ask(request: Request, visit: Visited) -> Response:
    """Take the address, and say the same whatever it is (303); what can be no address is said (422)."""
    form = forms.typed(await request.form(max_files=0, max_fields=forms.MOST_FIELDS))
    try:
        asked = LinksRequest(email=form.value("email"), locale=visit.texts.locale)
    except ValidationError as wrong:
        return _page(visit, replace(form, errors=faults(wrong, ("email",))))
    by_address.count(request, Kind.LINKS, asked.email)
    await links.ask(work_of(request), email=asked.email, locale=asked.locale)
    return RedirectResponse(
        visit.at("/mes-inscriptions", demande="recue"), status_code=303, headers={"Cache-Control": "no-store"}
    )


def _page(visit: Visit, form: Form, *, received: bool = False) -> Response:
    values = {"received": received, "form": form, "demo": False}
    return page("attendee/links.html", visit, values, status=422 if form.errors else 200)
