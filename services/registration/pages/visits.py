"""The language a page is read in, by its path: `/rencontres/x` is French, `/en/rencontres/x` the same page in English."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Path
from starlette.requests import Request

from services.registration.pages.catalogue import SOURCE_LANGUAGE, Catalogue, catalogues
from services.registration.slugs import PATTERN

READ = ["GET", "HEAD"]
"""Methods that look at a page: link checkers ask for the head alone."""

Slug = Annotated[str, Path(pattern=PATTERN, max_length=120)]
"""The name of a meetup in its address; anything else is a page not found."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page: its language, and its address in the other languages (`path` without prefix, with its query)."""

    texts: Catalogue
    path: str

    def at(self, path: str, **query: str) -> str:
        """Return the address of another page in the same language."""
        return f"{self.texts.prefix}{path}" + (f"?{urlencode(query)}" if query else "")

    def programme(self, *, territory: str | None = None, after: str | None = None) -> str:
        """Return the address of the programme, of one territory, from one place on."""
        query = {"territoire": territory, "apres": after}
        return self.at("/", **{name: value for name, value in query.items() if value})


def visit_of(request: Request) -> Visit:
    """Tell language and path of a request; use it as a dependency."""
    _, first, *rest = request.url.path.split("/", 2)
    if first in catalogues() and first != SOURCE_LANGUAGE:
        texts, path = catalogues()[first], "".join(rest)
    else:
        texts, path = catalogues()[SOURCE_LANGUAGE], request.url.path
    # One slash: a browser takes a link that begins with two for another site's.
    path = "/" + path.lstrip("/")
    # The query of a POST is nobody's address; that of a GET is: a filter, or the token of a mailed link.
    query = f"?{request.url.query}" if request.url.query and request.method in READ else ""
    return Visit(texts, path + query)
