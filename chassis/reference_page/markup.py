"""HTML as values: what is not yet `Html` is escaped, so that forgetting it shows and harms nobody."""

import re
from collections.abc import Iterable
from html import escape


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, *inside: str, **attributes: str) -> Html:
    """One element. `class_="x"` and `aria_label="y"` become `class` and `aria-label`."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{written}>{joined(inside)}</{name}>")


def joined(parts: Iterable[str], separator: str = "") -> Html:
    """The parts one after the other, escaped unless they are `Html`."""
    return Html(escape(separator).join(part if isinstance(part, Html) else escape(part) for part in parts))


def link(target: str, *inside: str) -> Html:
    """A link within the page or the site. Raises ValueError for one that leads elsewhere."""
    if not target.startswith(("#", "/")) or target.startswith("//"):
        raise ValueError(f"not within this site: {target}")
    return tag("a", *inside, href=target)


def prose(text: str, **attributes: str) -> Html:
    """A paragraph, with what stands between backticks as code: the one mark that descriptions use."""
    words = re.split(r"`([^`]+)`", text)
    return tag("p", *(tag("code", word) if at % 2 else word for at, word in enumerate(words)), **attributes)
