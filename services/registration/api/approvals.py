"""`/api/v1/meetups/{id}/registrations/{reference}/approve` and `…/refuse`: who may come, where organisers choose."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request

from chassis.problems import Forbidden, NotFound, Unauthenticated
from contracts.registration import RegistrationStatus
from services.registration import approving
from services.registration.access import ORGANISER, organiser_of
from services.registration.api import ROOT
from services.registration.api.registrations import Reference
from services.registration.api.views import View
from services.registration.domain.refusals import MeetupOver, NothingToApprove
from services.registration.domain.registrations import Approval, Mode, Registration
from services.registration.organisers import Scope
from services.registration.problems import responses
from services.registration.wiring import work_of

router = APIRouter(prefix=ROOT + "/meetups/{meetup_id}/registrations/{reference}", tags=["organisers"])

_CALLER_PROBLEMS = (Unauthenticated, Forbidden, NotFound)


class ApprovalView(View):
    """What came of an organiser's word. A seat that was free is offered, until `expires_at`."""

    id: UUID
    reference: str
    approval: Approval | None
    status: RegistrationStatus
    mode: Mode
    expires_at: datetime | None = None


@router.post(
    "/approve",
    dependencies=[ORGANISER[Scope.REGISTRATIONS]],
    responses=responses(*_CALLER_PROBLEMS, NothingToApprove, MeetupOver),
)
async def approve_registration(request: Request, meetup_id: UUID, reference: Reference) -> ApprovalView:
    """Say yes: a place in line by the day the request came, and a seat is offered at once if one is free. Repeating it changes nothing."""
    return _view(await approving.approve(work_of(request), meetup_id, reference, by=organiser_of(request)))


@router.post(
    "/refuse",
    dependencies=[ORGANISER[Scope.REGISTRATIONS]],
    responses=responses(*_CALLER_PROBLEMS, NothingToApprove),
)
async def refuse_registration(request: Request, meetup_id: UUID, reference: Reference) -> ApprovalView:
    """Say no: the request is cancelled, and its person told. Repeating it changes nothing."""
    return _view(await approving.refuse(work_of(request), meetup_id, reference, by=organiser_of(request)))


def _view(registration: Registration) -> ApprovalView:
    return ApprovalView.model_validate(registration, from_attributes=True)
