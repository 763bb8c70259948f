"""`/inscriptions/{reference}/donnees`: what is kept of the person whose mail this link came by, and what they may ask of us (RGPD, 12 to 21)."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from chassis.problems import Unauthenticated
from services.registration import people
from services.registration.defences import by_address
from services.registration.pages.attendee.bearer import Bearer, OpenedByLink, actor, poster, sent
from services.registration.pages.attendee.views import KnownConsent, KnownPerson, KnownRegistration
from services.registration.pages.rendering import HEADERS
from services.registration.pages.visits import READ
from services.registration.people import HeldForALegalClaim
from services.registration.wiring import work_of

router = APIRouter(prefix="/inscriptions/{reference}/donnees", route_class=OpenedByLink)

Actor = Annotated[Bearer, Depends(actor)]
Poster = Annotated[Bearer, Depends(poster)]

_CHANNEL: Final = "link"
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
    try:
        would = await people.erase(work_of(link.request), link.person_id, rehearse=True)
    except HeldForALegalClaim:
        return await _data(link, held=True)
    coming = would.seats_given_back if would else 0
    return link.render("erasure", "/donnees/effacer", data=await _known(link), coming=coming)


@router.post("/effacer")
async def erase(link: Poster) -> Response:
    """Delete the person for good. Their links end with them, so the page that says it is anybody's."""
    try:
        await people.erase(work_of(link.request), link.person_id)
    except HeldForALegalClaim:
        return await _data(link, held=True)
    address = link.visit.at("/donnees-effacees")
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


async def _data(link: Bearer, *, done: str | None = None, held: bool = False) -> Response:
    refusal = link.visit.texts.text("data.held") if held else None
    values = {"data": await _known(link), "done": done, "refusal": refusal}
    return link.render("data", "/donnees", status=409 if held else 200, **values)


async def _known(link: Bearer) -> KnownPerson:
    found = await people.overview(work_of(link.request), link.person_id)
    if found is None:
        raise Unauthenticated
    return KnownPerson(
        email=found.email,
        registrations=tuple(
            KnownRegistration(
                reference=one.reference,
                title=one.title,
                starts=one.starts_local,
                status=one.status,
                facts=(one.full_name,),
            )
            for one in found.registrations
        ),
        consents=tuple(
            KnownConsent(
                purpose=one.purpose,
                words=one.words,
                version=one.text_version,
                given=one.given_at,
                withdrawn=one.withdrawn_at,
            )
            for one in found.consents
        ),
        objected=found.objected_at,
    )
