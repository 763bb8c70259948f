"""`/api/v1/organisations`: who holds meetups."""

from uuid import UUID

from fastapi import APIRouter, Request

from chassis.ids import uuid7
from chassis.problems import Forbidden, Unauthenticated, responses
from contracts.fact import Locale
from contracts.organisation import NewRegistrationMail
from services.registration import organisations
from services.registration.access import ORGANISER, organiser_of
from services.registration.api import ROOT
from services.registration.api.fields import Email, Incoming, Name, OrganiserKind
from services.registration.api.registrations import BODY_PROBLEMS
from services.registration.api.views import OrganisationView
from services.registration.organisations import Declaration
from services.registration.organisers import Scope
from services.registration.wiring import work_of

router = APIRouter(prefix=f"{ROOT}/organisations", tags=["organisers"])


class OrganisationForm(Incoming):
    """An organisation. With the `id` of a known one, replaces what is known of it. `email` is where its mail goes."""

    id: UUID | None = None
    name: Name
    kind: OrganiserKind
    email: Email
    locale: Locale = "fr"
    new_registration_mail: NewRegistrationMail = "each"


@router.post(
    "",
    dependencies=[ORGANISER[Scope.ORGANISATIONS]],
    status_code=201,
    responses=responses(Unauthenticated, Forbidden, *BODY_PROBLEMS),
)
async def declare_organisation(request: Request, form: OrganisationForm) -> OrganisationView:
    """Add an organisation, or replace what is known of it."""
    declaration = Declaration(
        id=form.id or uuid7(),
        name=form.name,
        kind=form.kind,
        email=form.email,
        locale=form.locale,
        new_registration_mail=form.new_registration_mail,
    )
    state = await organisations.declare(work_of(request), declaration, by=organiser_of(request))
    return OrganisationView(
        id=state.organisation_id,
        version=state.version,
        name=state.name,
        kind=state.kind,
        locale=state.locale,
        new_registration_mail=state.new_registration_mail,
    )
