"""Forms sent from other sites: a browser says where a post comes from, in headers no page can change.

There is no cookie to misuse; what is kept off is a site that makes its visitors register, from their own networks.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from chassis.problems import Problem, Text


class CrossSitePost(Problem):
    """Answered for a form that another site sent through a visitor's browser. Open our own page and send it from there."""

    slug, status = "cross-site-post", 403
    title = Text("Ce formulaire vient d’un autre site", "This form comes from another site")


def is_foreign(headers: Iterable[tuple[bytes, bytes]], *, public_url: str) -> bool:
    """Tell whether another site had this posted. Programs and old browsers, which send neither header, are not browsers misused."""
    said = dict(headers)  # of a header sent twice, the last: a browser sends each once
    fetch_site = said.get(b"sec-fetch-site")
    if fetch_site is not None and fetch_site not in (b"same-origin", b"none"):
        return True
    origin = said.get(b"origin")
    if origin is None or (origin == b"null" and fetch_site == b"same-origin"):
        return False
    # The host the browser called is ours whatever the proxies make of it; a page elsewhere cannot choose it.
    host = origin.partition(b"://")[2]
    return host.lower() not in (said.get(b"host", b"").lower(), urlsplit(public_url).netloc.encode().lower())
