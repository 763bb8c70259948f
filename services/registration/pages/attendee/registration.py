"""`/inscriptions/{reference}?token=…`: where a registration stands, and buttons that confirm it or give it back.

A `GET` changes nothing: scanners of mail follow every link. The tokens of these pages are never cached, nor told to other sites.
"""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.registration import registering
from services.registration.pages.attendee.bearer import Bearer, OpenedByLink, act, actor, reader, sent
from services.registration.pages.attendee.views import DONE
from services.registration.pages.visits import READ, Visit, visit_of
from services.registration.wiring import work_of

router = APIRouter(prefix="/inscriptions", route_class=OpenedByLink)

Visited = Annotated[Visit, Depends(visit_of)]
Read = Annotated[Bearer, Depends(reader)]
Actor = Annotated[Bearer, Depends(actor)]


@router.api_route("/{reference}", methods=READ)
async def registration(link: Read, fait: str = "") -> Response:
    """Show a registration to the bearer of one of its links, and what was just done to it."""
    return link.stands(done=DONE.get(fait))


@router.post("/{reference}/confirmer")
async def confirm(reference: str, request: Request, visit: Visited) -> Response:
    """Confirm a held seat, or accept an offered one."""
    token = (await sent(request)).get("token", "")
    use_case = partial(registering.confirm, work_of(request), reference=reference)
    return await act(request, visit, reference=reference, token=token, use_case=use_case, done="confirme")


@router.api_route("/{reference}/annuler", methods=READ)
async def giving_back(link: Actor) -> Response:
    """Show the one button that gives a place back, and who would get it; there is none where nothing is left to give."""
    shown = link.registration()
    if not shown.may_act or shown.state not in ("held", "waitlisted", "pending", "offered", "confirmed"):
        return link.stands()
    return link.render("giving_back", "/annuler")


@router.post("/{reference}/annuler")
async def give_back(reference: str, request: Request, visit: Visited) -> Response:
    """Give a seat or a waiting place back. Where that erased whom somebody else had named, the page that says so is anybody's."""
    token = (await sent(request)).get("token", "")
    use_case = partial(registering.cancel, work_of(request), reference=reference)
    return await act(request, visit, reference=reference, token=token, use_case=use_case, done="annule")
