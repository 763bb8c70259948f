"""Every page an attendee sees after the form, in every state, from made-up views."""

from collections.abc import Mapping

from services.registration.pages.catalogue import Catalogue
from services.registration.pages.rendering import page
from services.registration.pages.views import FieldError
from services.registration.pages.visits import Visit


def every_attendee_page(texts: Catalogue) -> Mapping[str, str]:
    """Render every page in every state in one language: HTML by name."""
    return {
        "links": _links(texts),
        "links-error": _links(texts, typed="zaina@", errors=(FieldError(field="email", problem="invalid"),)),
        "links-received": _links(texts, received=True),
        "ticket-code": _render("ticket_code", texts, "/b/7K4QX9M2TC7K4QX9M2TC7K4QX9"),
    }


def _links(texts: Catalogue, *, received: bool = False, typed: str = "", errors: tuple[FieldError, ...] = ()) -> str:
    return _render("links", texts, "/mes-inscriptions", received=received, typed=typed, errors=errors)


def _render(template: str, texts: Catalogue, path: str, **values: object) -> str:
    response = page(f"attendee/{template}.html", Visit(texts, path), {"demo": False, **values})
    return bytes(response.body).decode()
