"""`/api/v1/meetups/{id}/registrations` and `…/check-ins`: who comes, and who came."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from chassis.problems import Forbidden, InvalidInput, NotFound, Unauthenticated, responses
from contracts.registration import RegistrationStatus
from services.registration import attendance
from services.registration.access import ORGANISER, organiser_of
from services.registration.api import ROOT
from services.registration.api.cursors import BadCursor, read_id, write_id
from services.registration.api.fields import Asked, Cursor, Incoming, Instant
from services.registration.api.registrations import BODY_PROBLEMS
from services.registration.api.views import AttendeePage, AttendeeView, ScansView, ScanView
from services.registration.domain.attendance import Scan
from services.registration.organisers import Scope
from services.registration.wiring import work_of

router = APIRouter(prefix=ROOT + "/meetups/{meetup_id}", tags=["door"])

_CALLER_PROBLEMS = (Unauthenticated, Forbidden, NotFound)


class ScanForm(Incoming):
    """One reading of a code. `scan_id` is made by the device, so that sending it again changes nothing."""

    scan_id: UUID
    reference: Annotated[
        str,
        Field(
            min_length=1,
            max_length=300,
            description="a reference, a ticket's code or its address, as it was read or typed",
        ),
    ]
    scanned_at: Annotated[Instant, Field(description="the device's clock, with offset")]
    kind: Literal["in", "undo"] = "in"

    def scan(self) -> Scan:
        """Return it for the use case."""
        return Scan(self.scan_id, self.reference, self.kind, self.scanned_at)


class ScansForm(Incoming):
    """Scans since the device last had a network."""

    scans: Annotated[tuple[ScanForm, ...], Field(min_length=1, max_length=500)]


class AttendeeQuery(Asked):
    """Which registrations."""

    status: RegistrationStatus | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@router.post(
    "/check-ins",
    dependencies=[ORGANISER[Scope.CHECK_INS]],
    responses=responses(*_CALLER_PROBLEMS, *BODY_PROBLEMS),
)
async def check_in(request: Request, meetup_id: UUID, form: ScansForm) -> ScansView:
    """Take a batch of scans. Each has its own result; one that cannot be taken does not hold up the others."""
    scans = [scan.scan() for scan in form.scans]
    results = await attendance.check_in(work_of(request), meetup_id, scans, by=organiser_of(request))
    return ScansView(results=tuple(ScanView(scan_id=r.scan.id, result=r.result, repeated=r.repeated) for r in results))


@router.get(
    "/registrations",
    dependencies=[ORGANISER[Scope.REGISTRATIONS]],
    responses=responses(*_CALLER_PROBLEMS, BadCursor, InvalidInput),
)
async def list_registrations(
    request: Request,
    response: Response,
    meetup_id: UUID,
    asked: Annotated[AttendeeQuery, Query()],
) -> AttendeePage:
    """Registrations of a meetup in order of arrival, with names and addresses; looking at them is noted."""
    after = read_id(asked.cursor) if asked.cursor is not None else None
    found, more = await attendance.attendees(
        work_of(request), meetup_id, status=asked.status, after=after, limit=asked.limit, by=organiser_of(request)
    )
    response.headers["cache-control"] = "no-store"
    return AttendeePage(
        items=tuple(AttendeeView.model_validate(attendee, from_attributes=True) for attendee in found),
        next=write_id(found[-1].id) if more else None,
    )
