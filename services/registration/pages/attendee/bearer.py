"""Whoever opens a mailed link: that link is the account. Whatever is wrong with one ends on one page that says what to do."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from chassis.problems import NotFound, Problem, Unauthenticated
from services.registration import registering
from services.registration.domain.refusals import Refusal
from services.registration.odds import Odds, odds_of
from services.registration.pages.attendee import showing
from services.registration.pages.attendee.views import Done, Registration
from services.registration.pages.forms import MOST_FIELDS
from services.registration.pages.rendering import page
from services.registration.pages.visits import Visit, visit_of
from services.registration.problems import ManageLinkNeeded, problem_of
from services.registration.registering import Shown
from services.registration.wiring import work_of

MAX_TOKEN = 200


class OpenedByLink(APIRoute):
    """A page behind a mailed link. Expired, cut, of another registration, erased: all these links get the same page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[None, None, Response]]:
        """Answer what a link does not open with that page, and what cannot be done with the registration as it stands."""
        handle = super().get_route_handler()

        async def opened(request: Request) -> Response:
            try:
                return await handle(request)
            except (Unauthenticated, NotFound):
                return _opens_nothing(request)
            except OnlyShows as link:
                return link.bearer.stands(problem=link)

        return opened


class OnlyShows(ManageLinkNeeded):
    """Raised on opening a page that acts with the link shown after the form: the registration is shown, and what to open instead."""

    def __init__(self, bearer: "Bearer") -> None:
        super().__init__()
        self.bearer = bearer


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who opened a link, and what it shows."""

    request: Request
    visit: Visit
    token: str
    shown: Shown
    odds: Odds | None = None

    @property
    def person_id(self) -> UUID:
        """Whose registration it is: a mailed link opens that person's rights as well."""
        return self.shown.registration.person_id

    @property
    def address(self) -> str:
        """Path of the registration's page, without language and token."""
        return f"/inscriptions/{self.shown.registration.reference}"

    def registration(self) -> Registration:
        """Return the registration as the templates read it."""
        return showing.registration(self.shown, self.odds, token=self.token, now=work_of(self.request).clock.now())

    async def anew(self) -> "Bearer":
        """Return the same bearer with the registration as it stands now."""
        reference = self.shown.registration.reference
        return await bearer(self.request, self.visit, reference=reference, token=self.token)

    def render(self, template: str, path: str = "", *, status: int = 200, **values: object) -> Response:
        """Render one of the pages behind the link; `path` is its end. The token stays in its address in the other languages."""
        language = self.visit.texts
        home = self.shown.registration.timezone
        here = Visit(language, f"{self.address}{path}?token={self.token}", self.visit.chez, home)
        shown = {"registration": self.registration(), "demo": self.shown.sheet.meetup.demo, "refusal": None}
        return page(f"attendee/{template}.html", here, shown | values, status=status, cache_control="no-store")

    def stands(self, *, problem: Problem | None = None, done: Done | None = None) -> Response:
        """Show where the registration stands, and above it what could not be done, or was."""
        refusal = problem.title(self.visit.texts.locale) if problem else None
        return self.render("registration", status=problem.status if problem else 200, refusal=refusal, done=done)

    def onwards(self, path: str = "", *, fait: str) -> Response:
        """Lead to a page behind the link (303), so that a reload does not act again; `fait` is what it will say was done."""
        query = {"token": self.token, "fait": fait}
        address = self.visit.at(f"{self.address}{path}", **query)
        return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


async def reader(
    reference: str, request: Request, visit: Annotated[Visit, Depends(visit_of)], token: str = ""
) -> Bearer:
    """Return who opened a page with any of the registration's links. A dependency; raises Unauthenticated."""
    return await bearer(request, visit, reference=reference, token=token)


async def actor(
    reference: str, request: Request, visit: Annotated[Visit, Depends(visit_of)], token: str = ""
) -> Bearer:
    """Return who opened a page with a mailed link. A dependency; raises Unauthenticated, ManageLinkNeeded."""
    found = await bearer(request, visit, reference=reference, token=token)
    if found.shown.purpose != "manage":
        raise OnlyShows(found)
    return found


async def poster(reference: str, request: Request, visit: Annotated[Visit, Depends(visit_of)]) -> Bearer:
    """Return who sent a form with a mailed link's token in it. A dependency; raises Unauthenticated, OnlyShows."""
    return await actor(reference, request, visit, (await sent(request)).get("token", ""))


async def bearer(request: Request, visit: Visit, *, reference: str, token: str) -> Bearer:
    """Look a link up. Raises Unauthenticated."""
    shown = await registering.find(work_of(request), reference=reference, token=usable(token))
    odds = await odds_of(work_of(request), shown)
    return Bearer(request=request, visit=visit, token=token, shown=shown, odds=odds)


def usable(token: str) -> str:
    """Return what may be a token. Raises Unauthenticated."""
    if not 0 < len(token) <= MAX_TOKEN or not token.isascii():
        raise Unauthenticated
    return token


class UseCase(Protocol):
    """What is done with a registration by the bearer of its token."""

    def __call__(self, *, token: str) -> Awaitable[Shown]:
        """Do it."""


async def sent(request: Request) -> Mapping[str, str]:
    """Return the texts of a posted form, trimmed."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: value.strip() for name, value in form.items() if isinstance(value, str)}


async def act(request: Request, visit: Visit, *, reference: str, token: str, use_case: UseCase, done: Done) -> Response:
    """Do it, and lead back to the registration; what cannot be done is said above the registration as it stands."""
    try:
        shown = await use_case(token=usable(token))
    except Refusal as refusal:
        return (await bearer(request, visit, reference=reference, token=token)).stands(problem=problem_of(refusal))
    except ManageLinkNeeded as problem:
        return (await bearer(request, visit, reference=reference, token=token)).stands(problem=problem)
    if shown.erased:
        return farewell(visit, "/place-refusee")
    return Bearer(request=request, visit=visit, token=token, shown=shown).onwards(fait=done)


def farewell(visit: Visit, path: str) -> Response:
    """Lead to a page that knows nobody: the link that led here opens nothing any more."""
    return RedirectResponse(visit.at(path), status_code=303, headers={"Cache-Control": "no-store"})


def _opens_nothing(request: Request) -> Response:
    visit = Visit(visit_of(request).texts, "/mes-inscriptions")
    return page("attendee/unknown_link.html", visit, {"demo": False}, status=404, cache_control="no-store")
