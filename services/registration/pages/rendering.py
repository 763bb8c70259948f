"""Templates to responses: one Jinja environment, and the headers every page carries. Undefined names and unknown texts are errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from contracts import territories, vocabularies
from services.registration.pages import moments
from services.registration.pages.assets import asset_path
from services.registration.pages.catalogue import SOURCE_LANGUAGE, Catalogue, catalogues

# Links carry tokens, which no other site may see (`chassis.http` sets the other headers). Not `no-referrer`: with it browsers send
# `Origin: null` with our own forms, and forms posted from elsewhere could not be told apart.
HEADERS: Mapping[str, str] = {"Referrer-Policy": "same-origin"}


@dataclass(frozen=True, slots=True)
class Visit:
    """The language of a page, and where the same page is in the other languages (`path` without prefix, with its query)."""

    texts: Catalogue
    path: str

    def at(self, path: str, **query: str) -> str:
        """Return the address of another page in the same language."""
        return f"{self.texts.prefix}{path}" + (f"?{urlencode(query)}" if query else "")

    def programme(self, *, territory: str | None = None, after: str | None = None) -> str:
        """Return the address of the programme, of one territory, from one place on."""
        query = {"territoire": territory, "apres": after}
        return self.at("/", **{name: value for name, value in query.items() if value})


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
    environment.globals.update(asset=asset_path, moments=moments, vocabularies=vocabularies, source=territories.SOURCE)
    return environment
