"""A QR code as SVG in the page: nothing more to load, sharp on paper. Dark on white whatever the colours of the page, or no reader reads it."""

import segno
from markupsafe import Markup

ERROR_LEVEL = "q"
"""A quarter of it may be crumpled or hidden by a thumb (ISO/IEC 18004)."""


def qr_code(content: str) -> Markup:
    """Draw `content`. The page says beside it what it is; readers of screens skip it."""
    code = segno.make(content, error=ERROR_LEVEL, boost_error=False, micro=False)
    drawn: str = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S704 - drawn by us from dots
