"""Templates to responses: one Jinja environment; undefined names and unknown texts are errors."""

from functools import cache
from typing import Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from chassis.problems import Language
from contracts import territories
from services.analytics.pages.assets import asset_path
from services.analytics.pages.wording import Wording, wording

PATHS: Final[dict[Language, str]] = {"fr": "/statistiques", "en": "/en/statistics"}


def page(template: str, words: Wording, **values: object) -> HTMLResponse:
    """Render a page. It changes with every event, so nobody keeps it."""
    content = (
        _environment()
        .get_template(template)
        .render(words=words, t=words.text, paths=PATHS, languages=[wording(language) for language in PATHS], **values)
    )
    return HTMLResponse(content, headers={"Content-Language": words.language, "Cache-Control": "no-cache"})


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("services.analytics.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(asset=asset_path, source=territories.SOURCE)
    return environment
