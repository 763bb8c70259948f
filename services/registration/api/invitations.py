"""`/api/v1/meetups/{id}/invitations`: codes of a private meetup, for its organisers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from chassis.problems import Forbidden, NotFound, Unauthenticated, responses
from services.registration import invitations
from services.registration.access import ORGANISER, organiser_of
from services.registration.api import ROOT
from services.registration.api.fields import Incoming, Instant, Label
from services.registration.api.registrations import BODY_PROBLEMS
from services.registration.api.views import View
from services.registration.invitations import NewInvitation
from services.registration.organisers import Scope
from services.registration.wiring import work_of

router = APIRouter(prefix=ROOT + "/meetups/{meetup_id}/invitations", tags=["organisers"])

_ORGANISER = ORGANISER[Scope.MEETUPS]
_CALLER_PROBLEMS = (Unauthenticated, Forbidden, NotFound)


class InvitationForm(Incoming):
    """A new code. `label` is for organisers alone: whom it is meant for."""

    label: Label
    max_uses: Annotated[
        int | None, Field(ge=1, le=100_000, strict=True, description="registrations; none: any number")
    ] = None
    expires_at: Annotated[Instant | None, Field(description="none: it opens until registration closes")] = None


class InvitationView(View):
    """A code as organisers see it later: without the code. `used` counts registrations, those cancelled since included."""

    id: UUID
    label: str
    max_uses: int | None
    used: int
    expires_at: datetime | None
    created_at: datetime


class NewInvitationView(InvitationView):
    """A code just made. It is shown here and never again."""

    code: str


class InvitationsView(View):
    """The codes of a meetup, the newest first."""

    items: tuple[InvitationView, ...]


@router.post("", dependencies=[_ORGANISER], status_code=201, responses=responses(*_CALLER_PROBLEMS, *BODY_PROBLEMS))
async def make_invitation(
    request: Request, response: Response, meetup_id: UUID, form: InvitationForm
) -> NewInvitationView:
    """Make a code that opens registration for a private meetup."""
    new = NewInvitation(label=form.label, max_uses=form.max_uses, expires_at=form.expires_at)
    invitation, code = await invitations.invite(work_of(request), meetup_id, new, by=organiser_of(request))
    response.headers["cache-control"] = "no-store"
    shown = InvitationView.model_validate(invitation, from_attributes=True)
    return NewInvitationView(**shown.model_dump(), code=code)


@router.get("", dependencies=[_ORGANISER], responses=responses(*_CALLER_PROBLEMS))
async def list_invitations(request: Request, response: Response, meetup_id: UUID) -> InvitationsView:
    """List the codes of a meetup that were not revoked."""
    found = await invitations.of_meetup(work_of(request), meetup_id)
    response.headers["cache-control"] = "no-store"
    return InvitationsView(
        items=tuple(InvitationView.model_validate(invitation, from_attributes=True) for invitation in found)
    )


@router.delete("/{invitation_id}", dependencies=[_ORGANISER], status_code=204, responses=responses(*_CALLER_PROBLEMS))
async def revoke_invitation(request: Request, meetup_id: UUID, invitation_id: UUID) -> Response:
    """Make a code open nothing any more. Who registered with it stays registered."""
    await invitations.revoke(work_of(request), meetup_id, invitation_id, by=organiser_of(request))
    return Response(status_code=204)
