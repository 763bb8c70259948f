"""`/inscriptions/{reference}/donnees`: what is kept of the person whose mail this link came by, and what they may ask of us (RGPD, 12 to 21)."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from chassis.problems import Unauthenticated
from services.registration import people
from services.registration.defences import by_address
from services.registration.pages.attendee import showing
from services.registration.pages.attendee.bearer import Bearer, OpenedByLink, actor, poster, sent
from services.registration.pages.rendering import HEADERS
from services.registration.pages.visits import READ
from services.registration.people import Erasure, HeldForALegalClaim
from services.registration.wiring import work_of

router = APIRouter(prefix="/inscriptions/{reference}/donnees", route_class=OpenedByLink)

Actor = Annotated[Bearer, Depends(actor)]
Poster = Annotated[Bearer, Depends(poster)]

_CHANNEL: Final = "link"
PATIENCE: Final = 2.0
"""Seconds for which the page waits for what other services keep; a copy waits longer."""
_DONE: Final = frozenset(("accord", "opposition"))


@router.api_route("", methods=READ)
async def data(link: Actor, fait: str = "") -> Response:
    """Show what is kept, and what was just changed."""
    return await _data(link, done=fait if fait in _DONE else None)


@router.post("/copie")
async def copy(link: Poster) -> Response:
    """Send everything as a zip. A `POST`: other services are asked, and that it was asked for is noted."""
    by_address.count_copy(link.request, link.person_id)
    work = work_of(link.request)
    export = await people.export(work, link.person_id, by=_CHANNEL)
    if export is None:
        raise Unauthenticated
    packed = await people.archive(export, link.visit.texts.locale)
    headers = {"Content-Disposition": f'attachment; filename="{packed.name}"', "Cache-Control": "no-store"}
    return Response(packed.content, media_type="application/zip", headers={**HEADERS, **headers})


@router.post("/accords")
async def withdraw(request: Request, link: Poster) -> Response:
    """Take a consent back, wherever it was given. Again changes nothing."""
    purpose = (await sent(request)).get("purpose", "")
    await people.withdraw(work_of(request), link.person_id, purpose=purpose, by=_CHANNEL)
    return link.onwards("/donnees", fait="accord")


@router.post("/opposition")
async def object_to_use(link: Poster) -> Response:
    """Note that the data serve what was asked for and nothing else."""
    await people.object_to_use(work_of(link.request), link.person_id, by=_CHANNEL)
    return link.onwards("/donnees", fait="opposition")


@router.api_route("/effacer", methods=READ)
async def erasure(link: Actor) -> Response:
    """Say what would go and what would stay, beside the one button that does it."""

    def ask(would: Erasure) -> Response:
        return link.render("erasure", "/donnees/effacer", email=link.shown.email_key, would=would)

    return await _erase(link, rehearse=True, then=ask)


@router.post("/effacer")
async def erase(link: Poster) -> Response:
    """Delete the person for good. Their links end with them, so the page that says it is anybody's."""

    def say_farewell(_: Erasure) -> Response:
        address = link.visit.at("/donnees-effacees")
        return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})

    return await _erase(link, rehearse=False, then=say_farewell)


async def _erase(link: Bearer, *, rehearse: bool, then: Callable[[Erasure], Response]) -> Response:
    try:
        erasure = await people.erase(work_of(link.request), link.person_id, rehearse=rehearse)
    except HeldForALegalClaim:
        return await _data(link, held=True)
    if erasure is None:
        raise Unauthenticated
    return then(erasure)


async def _data(link: Bearer, *, done: str | None = None, held: bool = False) -> Response:
    kept = await people.look(work_of(link.request), link.person_id, patience=PATIENCE)
    if kept is None:
        raise Unauthenticated
    shown = showing.own_data(kept, people.labels(link.visit.texts.locale))
    refusal = link.visit.texts.text("data.held") if held else None
    return link.render("data", "/donnees", status=409 if held else 200, data=shown, done=done, refusal=refusal)
