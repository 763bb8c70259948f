"""What a page links that is no page (code, a configuration) is shown on the site as a page of text, with the file beside it.

OpenAPI documents have a better one, their reference (chassis/reference_page), which scripts/site writes.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from pygments.lexers import get_lexer_for_filename
from pygments.util import ClassNotFound
from sphinx import addnodes
from sphinx.util.osutil import relative_uri

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = "files"
REFERENCES = "docs/openapi"
TOO_LONG_TO_COLOUR = 100_000


def setup(app: "Sphinx") -> dict[str, bool]:
    app.connect("doctree-read", _link, priority=400)  # before Sphinx collects what to copy as downloads
    app.connect("html-collect-pages", _pages)
    return {"parallel_read_safe": False}


def _link(app: "Sphinx", doctree: nodes.document) -> None:
    page = app.env.docname
    for link in list(doctree.findall(addnodes.download_reference)):
        file = (Path(app.srcdir) / page).parent.joinpath(link["reftarget"]).resolve().relative_to(app.srcdir)
        if str(file.parent) == REFERENCES:
            shown = f"{file.with_suffix('')}/index.html"
        else:
            shown = f"{FOLDER}/{file}.html"
            _linked(app).add(str(file))
        uri = relative_uri(app.builder.get_target_uri(page), shown)
        link.replace_self(nodes.reference("", "", *link.children, refuri=uri, internal=True))


def _pages(app: "Sphinx") -> Iterator[tuple[str, dict[str, str], str]]:
    for file in sorted(_linked(app)):
        text = (Path(app.srcdir) / file).read_text(encoding="utf-8")
        copy = Path(app.outdir) / FOLDER / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
        body = f'<h1>{escape(file)}</h1><p><a href="{escape(copy.name)}" download>The file itself</a></p>'
        highlighter = getattr(app.builder, "highlighter")  # noqa: B009 - of HTML builders only
        yield (
            f"{FOLDER}/{file}",
            {"title": file, "body": body + highlighter.highlight_block(text, _language(file, text))},
            "page.html",
        )


def _language(file: str, text: str) -> str:
    if len(text) > TOO_LONG_TO_COLOUR:
        return "text"
    try:
        return str(get_lexer_for_filename(file).aliases[0])
    except ClassNotFound:
        return "text"


def _linked(app: "Sphinx") -> set[str]:
    linked: set[str] = app.env.__dict__.setdefault("linked_files", set())
    return linked
