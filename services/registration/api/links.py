"""`/api/v1/links`: links found again with an e-mail address. The answer is the same for every address."""

from fastapi import APIRouter, Request, Response

from chassis.problems import (
    InvalidInput,
    MalformedBody,
    PayloadTooLarge,
    TooManyRequests,
    Unavailable,
    UnsupportedMediaType,
    responses,
)
from contracts.fact import Locale
from services.registration import links
from services.registration.access import PUBLIC
from services.registration.api import ROOT
from services.registration.api.fields import Email, Incoming
from services.registration.defences import by_address
from services.registration.defences.kinds import Kind
from services.registration.defences.problems import ChallengeRequired
from services.registration.wiring import work_of

router = APIRouter(prefix=ROOT, tags=["registration"])


class LinksRequest(Incoming):
    """Somebody lost their links. `locale` is the language of the mail."""

    email: Email
    locale: Locale = "fr"


@router.post(
    "/links",
    dependencies=[PUBLIC],
    status_code=202,
    response_class=Response,
    responses={
        202: {
            "description": "If this address has registrations, their links are on the way to it; at most once an hour."
        },
        **responses(
            ChallengeRequired,
            TooManyRequests,
            MalformedBody,
            PayloadTooLarge,
            UnsupportedMediaType,
            InvalidInput,
            Unavailable,
        ),
    },
)
async def ask_for_links(request: Request, form: LinksRequest) -> Response:
    """Send the links of this address's registrations to this address. Asking again sends nothing twice: no key is needed."""
    by_address.count(request, Kind.LINKS, form.email)
    await links.ask(work_of(request), email=form.email, locale=form.locale)
    return Response(status_code=202, headers={"cache-control": "no-store"})
