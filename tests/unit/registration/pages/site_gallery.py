"""The pages about the site itself, in every state."""

from collections.abc import Mapping

from chassis import look
from services.registration.pages.accessibility import DECLARED
from services.registration.pages.catalogue import Catalogue
from services.registration.pages.rendering import page
from services.registration.pages.visits import Visit
from services.registration.settings import Operator


def every_site_page(texts: Catalogue) -> Mapping[str, str]:
    """Render every page in every state in one language: HTML by name."""
    known = Operator(name="CCI Mayotte (démonstration)", contact="bonjour@rencontres.example")
    return {
        "accessibility": _render("accessibility", texts, "/accessibilite", operator=known, declared=DECLARED),
        "accessibility-nobody": _render(
            "accessibility", texts, "/accessibilite", operator=Operator(), declared=DECLARED
        ),
        "style": _render("style", texts, "/style", colours=tuple(look.colours("light"))),
    }


def _render(template: str, texts: Catalogue, path: str, **values: object) -> str:
    response = page(f"{template}.html", Visit(texts, path), {"demo": False, **values})
    return bytes(response.body).decode()
