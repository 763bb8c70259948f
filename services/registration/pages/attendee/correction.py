"""`…/corriger`: what somebody wrote about themselves, written anew. The address is not among it: it is what proves who asks."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import AfterValidator, Field, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError

from chassis.problems import Unauthenticated
from services.registration import people
from services.registration.api.fields import AccessNeeds, FullName, Incoming, Organisation
from services.registration.domain.identifiers import BadIdentifier, read_identifier
from services.registration.pages.attendee.bearer import Bearer, OpenedByLink, actor, poster, sent
from services.registration.pages.attendee.faults import faults
from services.registration.pages.attendee.views import Details, Fault
from services.registration.pages.views import FieldError
from services.registration.pages.visits import READ
from services.registration.people import Correction
from services.registration.store import queries
from services.registration.wiring import work_of

router = APIRouter(prefix="/inscriptions/{reference}/corriger", route_class=OpenedByLink)

Actor = Annotated[Bearer, Depends(actor)]
Poster = Annotated[Bearer, Depends(poster)]

FIELDS: Final = ("full_name", "organisation", "identifier_value", "access_needs")
"""In the order of the page, which is that of the list of faults."""


def _of_its_register(value: str, info: ValidationInfo) -> str:
    try:
        return read_identifier(str(info.data.get("identifier_scheme")), value).value
    except BadIdentifier:
        raise PydanticCustomError("identifier", "breaks the rule of its register") from None


class CorrectionForm(Incoming):
    """All that is to stand from now on; what is left out is emptied."""

    full_name: FullName
    organisation: Organisation | None = None
    identifier_scheme: str | None = None
    identifier_value: Annotated[str, Field(max_length=40), AfterValidator(_of_its_register)] | None = None
    access_needs: AccessNeeds | None = None


@router.api_route("", methods=READ)
async def correction(link: Actor) -> Response:
    """Show the form with what is kept."""
    work = work_of(link.request)
    async with work.database.connection() as connection:
        row = await queries.attendee_details.fetchrow(connection, link.shown.registration.id)
    if row is None:
        raise Unauthenticated
    return _ask(link, Details(**{name: value or "" for name, value in row.items()}))


@router.post("")
async def correct(request: Request, link: Poster) -> Response:
    """Write it anew, or show what is to be corrected in the correction (422)."""
    form = await sent(request)
    typed = Details(**{name: form.get(name, "") for name in Details.__slots__})
    numbered = bool(typed.identifier_value)
    answers = {
        "full_name": typed.full_name,
        "organisation": typed.organisation or None,
        "identifier_scheme": typed.identifier_scheme if numbered else None,
        "identifier_value": typed.identifier_value or None,
        "access_needs": typed.access_needs or None,
    }
    try:
        told = CorrectionForm.model_validate(answers)
    except ValidationError as wrong:
        found = [Fault(field=fault.field, problem=fault.problem) for fault in faults(wrong, FIELDS)]
        return _ask(link, typed, errors=tuple(found))
    corrected = Correction(**told.model_dump())
    await people.rectify(work_of(request), link.person_id, link.shown.registration.id, corrected, by="link")
    return link.onwards(fait="corrige")


def _ask(link: Bearer, typed: Details, *, errors: tuple[FieldError, ...] = ()) -> Response:
    return link.render("correction", "/corriger", status=422 if errors else 200, typed=typed, errors=errors)
