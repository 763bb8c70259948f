"""`/api/v1/…/registrations`: registering, and what the bearer of a link may do."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Request, Response

from chassis.problems import (
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    InvalidInput,
    MalformedBody,
    NotFound,
    PayloadTooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from services.registration import registering
from services.registration.access import ATTENDEE, PUBLIC, token_of
from services.registration.api import ROOT
from services.registration.api.fields import IDEMPOTENCY_KEY
from services.registration.api.registration_form import RegistrationForm
from services.registration.api.views import ReceiptView, RegistrationView, registration_view
from services.registration.defences import by_address
from services.registration.defences.kinds import Kind
from services.registration.defences.problems import ChallengeRequired
from services.registration.domain.references import PATTERN
from services.registration.domain.refusals import (
    MeetupOver,
    NoSeatToConfirm,
    NoSuchRoom,
    RegistrationCancelled,
    RegistrationClosed,
    RegistrationExpired,
)
from services.registration.problems import ManageLinkNeeded, responses
from services.registration.wiring import admission_of, work_of

router = APIRouter(prefix=ROOT, tags=["registration"])

BODY_PROBLEMS = (MalformedBody, PayloadTooLarge, UnsupportedMediaType, InvalidInput)

REPLAYED: dict[str, object] = {
    "Idempotency-Replayed": {
        "schema": {"type": "string", "enum": ["true"]},
        "description": "Present when this is the answer of an earlier request with the same key.",
    }
}

Reference = Annotated[str, Path(pattern=PATTERN, description="such as R-7K4QX-9M2TC")]


@router.post(
    "/meetups/{meetup_id}/registrations",
    dependencies=[PUBLIC],
    status_code=201,
    response_model=ReceiptView,
    responses={
        201: {
            "description": "A seat is held until its e-mail address is confirmed, or a place on the waiting list was given.",
            "headers": {
                "Location": {"schema": {"type": "string"}, "description": "Where its link shows it."},
                **REPLAYED,
            },
        },
        **responses(
            IdempotencyKeyMissing,
            ChallengeRequired,
            TooManyRequests,
            NotFound,
            NoSuchRoom,
            RegistrationClosed,
            IdempotencyKeyReused,
            Unavailable,
            *BODY_PROBLEMS,
        ),
    },
)
async def register(
    request: Request,
    meetup_id: UUID,
    form: RegistrationForm,
    idempotency_key: Annotated[
        str,
        Header(
            pattern=IDEMPOTENCY_KEY,
            description="1 to 255 visible characters, made anew for each registration; kept 24 hours",
        ),
    ],
) -> Response:
    """Register for a meetup. Once answered it is durable; the same key and body get the same answer again."""
    by_address.count(request, Kind.REGISTERING, form.email)
    outcome = await admission_of(request).ask(form.application(meetup_id=meetup_id, key=idempotency_key, channel="api"))
    headers = {"location": f"{ROOT}/registrations/{outcome.receipt.reference}", "cache-control": "no-store"}
    if outcome.replayed:
        headers["idempotency-replayed"] = "true"
    return Response(outcome.text, 201, headers, "application/json")


@router.get("/registrations/{reference}", dependencies=[ATTENDEE], responses=responses(Unauthenticated, NotFound))
async def get_registration(request: Request, response: Response, reference: Reference) -> RegistrationView:
    """Look at a registration with its link."""
    work = work_of(request)
    shown = await registering.find(work, reference=reference, token=token_of(request))
    response.headers["cache-control"] = "no-store"
    return registration_view(shown, now=work.clock.now())


@router.post(
    "/registrations/{reference}/confirm",
    dependencies=[ATTENDEE],
    responses=responses(
        Unauthenticated,
        ManageLinkNeeded,
        NotFound,
        RegistrationExpired,
        RegistrationCancelled,
        NoSeatToConfirm,
    ),
)
async def confirm_registration(request: Request, response: Response, reference: Reference) -> RegistrationView:
    """Confirm a held seat, or accept an offered one. Repeating it gives the same answer."""
    work = work_of(request)
    shown = await registering.confirm(work, reference=reference, token=token_of(request))
    response.headers["cache-control"] = "no-store"
    return registration_view(shown, now=work.clock.now())


@router.post(
    "/registrations/{reference}/cancel",
    dependencies=[ATTENDEE],
    responses=responses(Unauthenticated, ManageLinkNeeded, NotFound, RegistrationExpired, MeetupOver),
)
async def cancel_registration(request: Request, response: Response, reference: Reference) -> RegistrationView:
    """Give a seat or a place on the waiting list back. Repeating it gives the same answer.

    Whoever was named by somebody else and never confirmed is erased by it: their link then opens nothing any more (401).
    """
    work = work_of(request)
    shown = await registering.cancel(work, reference=reference, token=token_of(request))
    response.headers["cache-control"] = "no-store"
    return registration_view(shown, now=work.clock.now())
