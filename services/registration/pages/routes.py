"""All pages in all languages: what the application mounts."""

from fastapi import APIRouter

from services.registration.access import PUBLIC
from services.registration.pages import accessibility, assets, meetup, notice, style, well_known
from services.registration.pages.attendee import (
    correction,
    data,
    farewells,
    links,
    moves,
    registration,
    ticket,
    ticket_codes,
)
from services.registration.pages.catalogue import catalogues
from services.registration.pages.programme import beginning, feeds, listing, month, sitemap


def pages() -> APIRouter:
    """Return the router of the public site: French at `/`, each other language under its code."""
    router = APIRouter(include_in_schema=False, dependencies=[PUBLIC])
    for texts in catalogues().values():
        for part in (
            listing.router,
            month.router,
            beginning.router,
            feeds.router,
            notice.router,
            meetup.router,
            registration.router,
            links.router,
            ticket.router,
            data.router,
            moves.router,
            correction.router,
            farewells.router,
            ticket_codes.router,
            accessibility.router,
            style.router,
        ):
            router.include_router(part, prefix=texts.prefix)
    router.include_router(assets.router)
    router.include_router(sitemap.router)
    router.include_router(well_known.router)
    return router
