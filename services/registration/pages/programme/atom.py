"""The feed as Atom (RFC 4287). All of it is text: what organisers typed is never taken for markup."""

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from services.registration.pages.catalogue import Catalogue
from services.registration.pages.programme.syndicated import Entry, Feed, tags_of, text_of, title_of

_ATOM, _XML = "http://www.w3.org/2005/Atom", "http://www.w3.org/XML/1998/namespace"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(feed: Feed, texts: Catalogue) -> bytes:
    """Return the document."""
    # Names are plain: the library knows one default namespace a process, and that is the sitemap's.
    root = ET.Element("feed", {"xmlns": _ATOM, f"{{{_XML}}}lang": texts.language})
    _add(root, "id", feed.itself)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.updated))
    ET.SubElement(_author(root), "name").text = str(texts.text("site.name"))
    _link(root, "self", feed.itself, "application/atom+xml")
    _link(root, "alternate", feed.home, "text/html")
    for entry in feed.entries:
        _entry(root, entry, texts)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: ET.Element, entry: Entry, texts: Catalogue) -> None:
    element = ET.SubElement(root, "entry")
    # What organisers wrote is French in every feed.
    element.set(f"{{{_XML}}}lang", "fr")
    _add(element, "id", f"urn:uuid:{entry.meetup.id}")
    _add(element, "title", title_of(entry, texts))
    _add(element, "updated", _moment(entry.meetup.changed_at))
    _link(element, "alternate", entry.url, "text/html")
    for tag in tags_of(entry, texts):
        ET.SubElement(element, "category", {"term": _legal(tag)})
    _add(element, "content", text_of(entry, texts), type="text")


def _author(root: ET.Element) -> ET.Element:
    return ET.SubElement(root, "author")


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = _legal(text)


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    ET.SubElement(parent, "link", {"rel": rel, "href": href, "type": kind})


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _legal(text: str) -> str:
    """Leave out the few characters that XML cannot hold at all."""
    return _NO_XML.sub("", text)
