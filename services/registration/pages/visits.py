"""The language a page is read in, by its path: `/rencontres/x` is French, `/en/rencontres/x` the same page in English."""

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Path
from starlette.requests import Request

from services.registration.pages.catalogue import SOURCE_LANGUAGE, Catalogue, catalogues
from services.registration.pages.whereabouts import clock_of
from services.registration.slugs import PATTERN

READ = ["GET", "HEAD"]
"""Methods that look at a page: link checkers ask for the head alone."""

Slug = Annotated[str, Path(pattern=PATTERN, max_length=120)]
"""The name of a meetup in its address; anything else is a page not found."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page: its language, its address in the other languages (`path` without prefix, with its query), and where
    the visitor says to be (`chez`, empty if nowhere), which every link carries on, forms included.
    """

    texts: Catalogue
    path: str
    chez: str = ""
    home: str | None = None
    """The zone that was told with a registration: it holds where the address says nothing."""
    statistics: str = ""
    """Where the public reads the network's statistics, if that is known."""

    @property
    def clock(self) -> str | None:
        """The zone the visitor lives by, if it was said; on sending a form as well, since its address carries it."""
        return clock_of(self.chez) or self.home

    def living(self, chez: str) -> "Visit":
        """Return the visit of somebody who, by choosing a territory, said where; what was said before stands."""
        return self if self.chez else replace(self, chez=chez)

    def at(self, path: str, **query: str) -> str:
        """Return the address of another page in the same language."""
        query = query | ({"chez": self.chez} if self.chez and "chez" not in query else {})
        return f"{self.texts.prefix}{path}" + (f"?{urlencode(query, safe='/')}" if query else "")

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
    chez = request.query_params.get("chez", "")
    statistics = getattr(request.app.state, "statistics_url", "")
    return Visit(texts, path + query, chez if clock_of(chez) else "", statistics=statistics)
