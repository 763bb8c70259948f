"""`/sitemap.xml`: the pages search engines are told of, each with its other languages. Filters and pages of one person are not among them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.registration import programme as programmes
from services.registration.pages.catalogue import catalogues
from services.registration.pages.programme.conditional import conditional
from services.registration.pages.visits import READ
from services.registration.wiring import public_url_of, work_of

PAGES = ("/", "/par-ou-commencer", "/rencontres-passees", "/donnees-personnelles", "/accessibilite")

_MAP, _XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
ET.register_namespace("", _MAP)
ET.register_namespace("xhtml", _XHTML)

router = APIRouter()


@router.api_route("/sitemap.xml", methods=READ)
async def sitemap(request: Request) -> Response:
    """List the pages."""
    meetups = await programmes.addresses(work_of(request))
    paths = [(path, None) for path in PAGES] + [(f"/rencontres/{slug}", changed) for slug, changed in meetups]
    return conditional(request, _written(paths, public_url_of(request)), media_type="application/xml; charset=utf-8")


def _written(paths: Iterable[tuple[str, datetime | None]], site: str) -> bytes:
    root = ET.Element(f"{{{_MAP}}}urlset")
    for path, changed in paths:
        for address in _languages(path, site):
            url = ET.SubElement(root, f"{{{_MAP}}}url")
            ET.SubElement(url, f"{{{_MAP}}}loc").text = address
            if changed:
                ET.SubElement(url, f"{{{_MAP}}}lastmod").text = f"{changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
            for language, other in zip(catalogues(), _languages(path, site), strict=True):
                attributes = {"rel": "alternate", "hreflang": language, "href": other}
                ET.SubElement(url, f"{{{_XHTML}}}link", attributes)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _languages(path: str, site: str) -> Iterator[str]:
    return (f"{site}{texts.prefix}{path}" for texts in catalogues().values())
