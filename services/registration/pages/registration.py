"""`/inscriptions/{reference}?token=…`: where a registration stands, and buttons that confirm it or give it back.

A `GET` changes nothing: scanners of mail follow every link. The tokens of these pages are never cached, nor told to other sites.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from chassis.problems import NotFound, Problem, Unauthenticated
from services.registration import registering
from services.registration.domain.refusals import Refusal
from services.registration.pages import showing
from services.registration.pages.rendering import page
from services.registration.pages.visits import READ, Visit, visit_of
from services.registration.problems import ManageLinkNeeded, problem_of
from services.registration.registering import Shown
from services.registration.wiring import work_of

router = APIRouter(prefix="/inscriptions")

_MAX_TOKEN = 200

Visited = Annotated[Visit, Depends(visit_of)]


@router.api_route("/{reference}", methods=READ)
async def registration(reference: str, request: Request, visit: Visited, token: str = "") -> Response:
    """Show a registration to the bearer of its link; to anybody else the same page for everything."""
    try:
        shown = await registering.find(work_of(request), reference=reference, token=_usable(token))
    except (Unauthenticated, NotFound):
        return _unknown(visit)
    return _page(request, visit, shown, token)


@router.post("/{reference}/confirmer")
async def confirm(reference: str, request: Request, visit: Visited) -> Response:
    """Confirm a held seat, or accept an offered one."""
    return await _act(reference, request, visit, registering.confirm)


@router.post("/{reference}/annuler")
async def cancel(reference: str, request: Request, visit: Visited) -> Response:
    """Give a seat or a waiting place back."""
    return await _act(reference, request, visit, registering.cancel)


async def _act(reference: str, request: Request, visit: Visit, act: Callable[..., Awaitable[Shown]]) -> Response:
    """Do it and lead back to the registration (303); what cannot be done is said above the registration as it stands."""
    sent = (await request.form(max_files=0, max_fields=5)).get("token")
    token = sent if isinstance(sent, str) else ""
    try:
        shown = await act(work_of(request), reference=reference, token=_usable(token))
    except (Unauthenticated, NotFound):
        return _unknown(visit)
    except Refusal as refusal:
        return await _refused(reference, request, visit, token, problem_of(refusal))
    except ManageLinkNeeded as problem:
        return await _refused(reference, request, visit, token, problem)
    address = visit.at(f"/inscriptions/{shown.registration.reference}", token=token)
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


async def _refused(reference: str, request: Request, visit: Visit, token: str, problem: Problem) -> Response:
    shown = await registering.find(work_of(request), reference=reference, token=token)
    return _page(request, visit, shown, token, problem=problem)


def _page(request: Request, visit: Visit, shown: Shown, token: str, *, problem: Problem | None = None) -> Response:
    here = Visit(visit.texts, f"/inscriptions/{shown.registration.reference}?token={token}")
    values = {
        "registration": showing.registration(shown, token=token, now=work_of(request).clock.now()),
        "refusal": problem.title("en" if visit.texts.language == "en" else "fr") if problem else None,
        "demo": shown.sheet.meetup.demo,
    }
    status = problem.status if problem else 200
    return page("registration.html", here, values, status=status, cache_control="no-store")


def _unknown(visit: Visit) -> Response:
    return page(
        "unknown_registration.html", Visit(visit.texts, "/"), {"demo": False}, status=404, cache_control="no-store"
    )


def _usable(token: str) -> str:
    if not 0 < len(token) <= _MAX_TOKEN or not token.isascii():
        raise Unauthenticated
    return token
