"""Makes the web addresses in a plain text clickable, and nothing else of it."""

import re

from markupsafe import Markup, escape

# Not the full stop, the comma or the bracket that ends the sentence around it.
_ADDRESS = re.compile(r"https?://[^\s<>\"'\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}]*[^\s<>\"'.,;:!?)\]]")


def clickable(text: str) -> Markup:
    """The text, escaped, with its addresses as links that open elsewhere."""
    pieces: list[Markup] = []
    position = 0
    for found in _ADDRESS.finditer(text):
        address = escape(found[0])
        pieces += [
            escape(text[position : found.start()]),
            Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>').format(address),
        ]
        position = found.end()
    return Markup("").join([*pieces, escape(text[position:])])
