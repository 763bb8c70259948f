"""`/inscriptions/{reference}/billet` and `…/invitation.ics`: what one takes along. Both are for a confirmed seat only."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.registration.domain.tickets import address
from services.registration.pages.attendee.bearer import Bearer, OpenedByLink, actor
from services.registration.pages.attendee.invitation import invitation
from services.registration.pages.attendee.qr import qr_code
from services.registration.pages.visits import READ
from services.registration.wiring import mail_from_of, public_url_of, work_of

router = APIRouter(prefix="/inscriptions", route_class=OpenedByLink)

Actor = Annotated[Bearer, Depends(actor)]


@router.api_route("/{reference}/billet", methods=READ)
async def ticket(link: Actor) -> Response:
    """Show the ticket, with the code that is read at the door; without a confirmed seat there is none, and the registration says why."""
    known = link.shown.registration
    if known.status != "confirmed":
        return link.stands()
    code = qr_code(address(link.shown.ticket, public_url=public_url_of(link.request)))
    return link.render("ticket", "/billet", code=code)


@router.api_route("/{reference}/invitation.ics", methods=READ)
async def calendar(link: Actor) -> Response:
    """Send the entry for a calendar: the same as in the mail, so that fetching it makes no second one."""
    known, request = link.shown.registration, link.request
    if known.status != "confirmed":
        return link.stands()
    content = invitation(
        link.shown,
        link.visit.texts,
        public_url=public_url_of(request),
        mail_from=mail_from_of(request),
        now=work_of(request).clock.now(),
    )
    name = f"{link.shown.sheet.meetup.slug}-{known.reference}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/calendar; charset=utf-8; method=PUBLISH", headers=headers)
