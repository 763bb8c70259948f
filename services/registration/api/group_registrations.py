"""`/api/v1/meetups/{id}/group-registrations`: up to five people at once, each answered apart."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from pydantic import Field

from chassis.problems import (
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    NotFound,
    Problem,
    TooManyRequests,
    Unavailable,
)
from services.registration.access import PUBLIC
from services.registration.api import ROOT
from services.registration.api.fields import IDEMPOTENCY_KEY
from services.registration.api.registration_form import ColleagueForm, RegistrationForm
from services.registration.api.registrations import BODY_PROBLEMS, REPLAYED
from services.registration.api.views import ReceiptView, View
from services.registration.defences import by_address
from services.registration.defences.kinds import Kind
from services.registration.defences.problems import ChallengeRequired
from services.registration.domain.refusals import NoSuchRoom, Refusal, RegistrationClosed
from services.registration.emails import email_key
from services.registration.problems import address_repeated, problem_of, responses
from services.registration.receipts import Outcome
from services.registration.registering_together import MOST, register_together
from services.registration.wiring import admission_of

router = APIRouter(prefix=ROOT, tags=["registration"])


class GroupForm(RegistrationForm):
    """Somebody who registers colleagues as well: the firm's facts count for all, answers and consents for nobody else."""

    colleagues: Annotated[tuple[ColleagueForm, ...], Field(min_length=1, max_length=MOST - 1)]


class GroupOutcomeView(View):
    """What one of them was answered: a receipt, or the type of the problem that stands in the way."""

    receipt: ReceiptView | None = None
    problem: str | None = None


class GroupView(View):
    """The answers: to who registers, then to each colleague in their order."""

    items: tuple[GroupOutcomeView, ...]


@router.post(
    "/meetups/{meetup_id}/group-registrations",
    dependencies=[PUBLIC],
    status_code=201,
    responses={
        201: {
            "description": "Whoever asks is registered; what became of each colleague is told apart.",
            "headers": REPLAYED,
        },
        **responses(
            IdempotencyKeyMissing,
            NotFound,
            NoSuchRoom,
            RegistrationClosed,
            IdempotencyKeyReused,
            ChallengeRequired,
            TooManyRequests,
            Unavailable,
            *BODY_PROBLEMS,
        ),
    },
)
async def register_group(
    request: Request,
    response: Response,
    meetup_id: UUID,
    form: GroupForm,
    idempotency_key: Annotated[
        str, Header(pattern=IDEMPOTENCY_KEY, description="1 to 255 visible characters, made anew for each group")
    ],
) -> GroupView:
    """Register several people for a meetup. Where the first cannot be, nobody is, and that problem is the answer."""
    colleagues = [one.colleague() for one in form.colleagues]
    if twice := _twice([form.email, *(one.email for one in colleagues)]):
        raise address_repeated([f"#/colleagues/{place - 1}/email" for place in twice])
    by_address.count(request, Kind.REGISTERING, form.email, *(one.email for one in colleagues))
    first = form.application(meetup_id=meetup_id, key=idempotency_key, channel="api")
    own, others = await register_together(admission_of(request), first, colleagues)
    outcomes = [own, *others]
    response.headers["cache-control"] = "no-store"
    if all(isinstance(outcome, Outcome) and outcome.replayed for outcome in outcomes):
        response.headers["idempotency-replayed"] = "true"
    return GroupView(items=tuple(_shown(outcome) for outcome in outcomes))


def _twice(emails: Sequence[str]) -> list[int]:
    keys = [email_key(email) for email in emails]
    return [place for place, key in enumerate(keys) if key in keys[:place]]


def _shown(outcome: Outcome | Exception) -> GroupOutcomeView:
    match outcome:
        case Outcome(receipt=receipt):
            return GroupOutcomeView(receipt=ReceiptView.model_validate(receipt, from_attributes=True))
        case Refusal():
            return GroupOutcomeView(problem=problem_of(outcome).type_uri())
        case Problem():
            return GroupOutcomeView(problem=outcome.type_uri())
        case _:
            return GroupOutcomeView(problem=Unavailable.type_uri())
