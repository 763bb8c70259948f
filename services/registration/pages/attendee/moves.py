"""`…/mode` and `…/ceder`: a confirmed seat changes between on site and online, or goes to somebody else. The page shows, the button acts."""

from dataclasses import replace
from typing import Annotated, Final, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import ValidationError

from chassis.problems import InvalidInput
from services.registration import registering
from services.registration.api.acts import ColleagueForm
from services.registration.defences import by_address
from services.registration.defences.kinds import Kind
from services.registration.domain.refusals import Refusal
from services.registration.domain.registrations import Mode
from services.registration.pages import forms
from services.registration.pages.attendee.bearer import Bearer, OpenedByLink, actor, poster, sent
from services.registration.pages.faults import faults
from services.registration.pages.form_views import Form
from services.registration.pages.views import FieldError
from services.registration.pages.visits import READ
from services.registration.problems import problem_of
from services.registration.wiring import work_of

router = APIRouter(prefix="/inscriptions/{reference}", route_class=OpenedByLink)

Actor = Annotated[Bearer, Depends(actor)]
Poster = Annotated[Bearer, Depends(poster)]

OWN_ADDRESS: Final = FieldError(field="email", problem="repeated", about="successor_email")
"""A seat handed to the very address that has it."""


@router.api_route("/mode", methods=READ)
async def mode(link: Actor) -> Response:
    """Show whether there is a seat the other way; a meetup with one way of attending has nothing to choose."""
    shown = link.registration()
    if shown.state != "confirmed" or shown.mode is None or not shown.may_act:
        return link.stands()
    others = [room for room in link.shown.sheet.rooms if room.mode != shown.mode]
    return link.render("mode", "/mode", other_left=sum(room.announced for room in others))


@router.post("/mode")
async def change_mode(request: Request, link: Poster) -> Response:
    """Change at once, or say that nothing changed (409)."""
    wanted = (await sent(request)).get("mode", "")
    if wanted not in ("onsite", "online"):
        return link.stands()
    reference = link.shown.registration.reference
    try:
        await registering.change_mode(
            work_of(request), reference=reference, token=link.token, mode=cast("Mode", wanted)
        )
    except Refusal as refusal:
        return (await link.anew()).stands(problem=problem_of(refusal))
    return link.onwards(fait="mode")


@router.api_route("/ceder", methods=READ)
async def handing_over(link: Actor) -> Response:
    """Ask to whom; only a confirmed seat is handed over, and not once the meetup has begun."""
    shown = link.registration()
    if shown.state != "confirmed" or not shown.may_act:
        return link.stands()
    return _ask(link, Form())


@router.post("/ceder")
async def hand_over(request: Request, link: Poster) -> Response:
    """Hand it over. Whether that person comes already, the answer does not tell."""
    form = forms.typed(await request.form(max_files=0, max_fields=forms.MOST_FIELDS))
    try:
        colleague = ColleagueForm(full_name=form.value("full_name"), email=form.value("email"))
    except ValidationError as wrong:
        return _ask(link, replace(form, errors=faults(wrong, ("full_name", "email"))))
    by_address.count(request, Kind.REGISTERING, colleague.email)
    reference = link.shown.registration.reference
    try:
        await registering.hand_over(
            work_of(request),
            reference=reference,
            token=link.token,
            full_name=colleague.full_name,
            email=colleague.email,
        )
    except InvalidInput:  # one's own address: nothing would change hands
        return _ask(link, replace(form, errors=(OWN_ADDRESS,)))
    except Refusal as refusal:
        return (await link.anew()).stands(problem=problem_of(refusal))
    return link.onwards(fait="cede")


def _ask(link: Bearer, form: Form) -> Response:
    return link.render("hand_over", "/ceder", status=422 if form.errors else 200, form=form)
