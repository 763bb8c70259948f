"""Templates to responses: one Jinja environment, and the headers every page carries. Undefined names and unknown texts are errors."""

from collections.abc import Mapping
from functools import cache

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from contracts import territories, vocabularies
from services.registration.domain.meetups import Meetup
from services.registration.pages import moments, structured, whereabouts
from services.registration.pages.assets import asset_path
from services.registration.pages.catalogue import SOURCE_LANGUAGE, catalogues
from services.registration.pages.visits import Visit

# Links carry tokens, which no other site may see (`chassis.http` sets the other headers). Not `no-referrer`: with it browsers send
# `Origin: null` with our own forms, and forms posted from elsewhere could not be told apart.
HEADERS: Mapping[str, str] = {"Referrer-Policy": "same-origin"}


def indexing(meetup: Meetup) -> Mapping[str, str]:
    """Return what keeps a private meetup out of search engines, whatever is sent of it: a file has no place for it but its headers."""
    return {"X-Robots-Tag": "noindex"} if meetup.programme.visibility == "private" else {}


def page(
    template: str,
    visit: Visit,
    values: Mapping[str, object],
    *,
    status: int = 200,
    cache_control: str = "no-cache",
) -> HTMLResponse:
    """Render a page. `no-cache` lets the back button bring back what was typed; pages with a token ask for `no-store`."""
    frame = {
        "visit": visit,
        "t": visit.texts.text,
        "at": visit.at,
        "catalogues": catalogues(),
        # What organisers wrote is French on every page, and screen readers must be told.
        "as_written": Markup("") if visit.texts.language == SOURCE_LANGUAGE else Markup(' lang="fr"'),
    }
    content = _environment().get_template(template).render({**frame, **values})
    language = {"Content-Language": visit.texts.language, "Cache-Control": cache_control}
    return HTMLResponse(content, status_code=status, headers={**HEADERS, **language})


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("services.registration"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        asset=asset_path,
        structured=structured,
        moments=moments,
        vocabularies=vocabularies,
        whereabouts=whereabouts,
        source=territories.SOURCE,
    )
    return environment
