"""What happens to personal data: `/donnees-personnelles` for the site, `/rencontres/{slug}/donnees-personnelles` for one meetup.

Registrations are kept with the version that was shown, hence old versions stay reachable: `?version=2026-11`.
"""

from datetime import datetime, time
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from chassis.problems import NotFound
from services.registration import meetups, notices
from services.registration.notices.notice import law_of
from services.registration.pages import views
from services.registration.pages.rendering import indexing, page
from services.registration.pages.visits import READ, Slug, Visit, visit_of
from services.registration.store import queries
from services.registration.wiring import work_of

router = APIRouter()

PATH = "/donnees-personnelles"

Visited = Annotated[Visit, Depends(visit_of)]
AskedVersion = Annotated[str | None, Query(alias="version", max_length=20)]


@router.api_route(PATH, methods=READ)
async def general(request: Request, visit: Visited, version: AskedVersion = None) -> Response:
    """Show what holds for every meetup of the site."""
    everybody = visit.texts.text("notice.organisers_of_each")
    shown = _notice(request, visit, [str(everybody)], "rgpd", version, together=True)
    return page("notice.html", visit, {"notice": shown, "meetup": None, "controllers": (), "demo": False})


@router.api_route("/rencontres/{slug}" + PATH, methods=READ)
async def of_a_meetup(slug: Slug, request: Request, visit: Visited, version: AskedVersion = None) -> Response:
    """Show what holds for one meetup, with its controllers and under its law."""
    work = work_of(request)
    meetup = (await meetups.get(work, slug)).meetup
    async with work.database.connection() as connection:
        rows = await queries.controllers_of_meetup.fetch(connection, meetup.id)
    controllers = [views.Controller(name=row["name"], role=row["role"], email=row["email"]) for row in rows]
    shown = _notice(request, visit, [c.name for c in controllers], law_of(meetup.territory), version)
    link = views.MeetupLink(slug=meetup.slug, title=meetup.programme.title)
    values = {"notice": shown, "meetup": link, "controllers": controllers, "demo": meetup.demo}
    response = page("notice.html", visit, values)
    response.headers.update(indexing(meetup))
    return response


def _notice(
    request: Request,
    visit: Visit,
    controllers: list[str],
    law: notices.Law,
    version: str | None,
    *,
    together: bool | None = None,
) -> views.ShownNotice:
    try:
        found = notices.notice(
            version,
            language=visit.texts.locale,
            controllers=controllers,
            retention=work_of(request).retention,
            law=law,
            together=together,
        )
    except notices.UnknownVersion:
        raise NotFound from None
    others = tuple(name for name in notices.versions() if name != found.version)
    current = notices.current_version(work_of(request).clock.now().date())
    return views.ShownNotice(
        text=found,
        since=datetime.combine(found.valid_from, time()),
        is_current=found.version == current,
        path=request.url.path,
        others=others,
    )
