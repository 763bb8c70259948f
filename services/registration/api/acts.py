"""`/api/v1/registrations/{reference}/…`: what the bearer of a mailed link may do beyond confirming and cancelling."""

from fastapi import APIRouter, Request, Response

from chassis.problems import NotFound, TooManyRequests, Unauthenticated
from services.registration import registering
from services.registration.access import ATTENDEE, token_of
from services.registration.api import ROOT
from services.registration.api.fields import Email, FullName, Incoming
from services.registration.api.registration_form import CorrectionForm
from services.registration.api.registrations import BODY_PROBLEMS, Reference
from services.registration.api.views import RegistrationView, registration_view
from services.registration.defences import by_address
from services.registration.defences.kinds import Kind
from services.registration.domain.refusals import (
    MeetupOver,
    NoOfferToDecline,
    NoSeatThere,
    NoSuchRoom,
    NotToHandOver,
    OrganisersChoose,
    RegistrationCancelled,
    RegistrationExpired,
)
from services.registration.domain.registrations import Mode
from services.registration.problems import ManageLinkNeeded, responses
from services.registration.registering import Shown
from services.registration.wiring import work_of

router = APIRouter(prefix=f"{ROOT}/registrations/{{reference}}", tags=["registration"])

_BEARER_PROBLEMS = (Unauthenticated, ManageLinkNeeded, NotFound)


class ModeForm(Incoming):
    """The other way of attending a hybrid meetup."""

    mode: Mode


class ColleagueForm(Incoming):
    """Who comes instead. They are asked by mail to confirm."""

    full_name: FullName
    email: Email


@router.post(
    "/decline",
    dependencies=[ATTENDEE],
    responses=responses(*_BEARER_PROBLEMS, NoOfferToDecline, RegistrationExpired, MeetupOver),
)
async def decline_offer(request: Request, response: Response, reference: Reference) -> RegistrationView:
    """Say no to an offered seat, which goes to the next in line. Repeating it gives the same answer."""
    shown = await registering.decline(work_of(request), reference=reference, token=token_of(request))
    return _view(request, response, shown)


@router.post(
    "/mode",
    dependencies=[ATTENDEE],
    responses=responses(
        *_BEARER_PROBLEMS,
        NoSuchRoom,
        NoSeatThere,
        MeetupOver,
        RegistrationExpired,
        RegistrationCancelled,
        *BODY_PROBLEMS,
    ),
)
async def change_mode(request: Request, response: Response, reference: Reference, form: ModeForm) -> RegistrationView:
    """Attend a hybrid meetup in the other way, at once and confirmed; where no seat is free there, the place one has is kept."""
    shown = await registering.change_mode(
        work_of(request), reference=reference, token=token_of(request), mode=form.mode
    )
    return _view(request, response, shown)


@router.post(
    "/hand-over",
    dependencies=[ATTENDEE],
    responses=responses(
        *_BEARER_PROBLEMS,
        NotToHandOver,
        OrganisersChoose,
        MeetupOver,
        RegistrationExpired,
        RegistrationCancelled,
        TooManyRequests,
        *BODY_PROBLEMS,
    ),
)
async def hand_over(
    request: Request, response: Response, reference: Reference, form: ColleagueForm
) -> RegistrationView:
    """Hand a confirmed seat to a colleague. One's own registration is cancelled; the answer does not tell whether they come already."""
    by_address.count(request, Kind.REGISTERING, form.email)
    shown = await registering.hand_over(
        work_of(request), reference=reference, token=token_of(request), full_name=form.full_name, email=form.email
    )
    return _view(request, response, shown)


@router.patch("", dependencies=[ATTENDEE], responses=responses(*_BEARER_PROBLEMS, *BODY_PROBLEMS))
async def correct(request: Request, response: Response, reference: Reference, form: CorrectionForm) -> RegistrationView:
    """Correct what was told with a registration. The e-mail address stays: it is what proves who asks."""
    work = work_of(request)
    shown = await registering.correct(work, reference=reference, token=token_of(request), wish=form.details)
    return _view(request, response, shown)


def _view(request: Request, response: Response, shown: Shown) -> RegistrationView:
    response.headers["cache-control"] = "no-store"
    return registration_view(shown, now=work_of(request).clock.now())
