"""What the theme leaves out for who reads without a mouse or a screen: levels of headings, names of landmarks, a way into what scrolls."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MENDED = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    "<pre>": '<pre tabindex="0">',
    '<div class="table-wrapper ': '<div tabindex="0" role="group" aria-label="Table" class="table-wrapper ',
    '<th class="head"><p></p></th>': "<td></td>",
    "<p><img ": '<p class="picture" tabindex="0"><img ',
    '<div id="search-results">': '<h1>Search</h1><div id="search-results">',
}


def setup(app: "Sphinx") -> dict[str, bool]:
    app.connect("build-finished", _mend)
    return {"parallel_write_safe": True}


def _mend(app: "Sphinx", failure: Exception | None) -> None:
    if failure is not None:
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for theirs, ours in MENDED.items():
            text = text.replace(theirs, ours)
        page.write_text(text, encoding="utf-8")
