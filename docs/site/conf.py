"""How `make site` makes a site of the pages of this repository, where they lie (docs/adr/0037-a-site-from-the-pages.md).

The pages stay plain CommonMark; what a site needs besides, its navigation, is read as the end of the README and of two lists of pages.
"""

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.append(str(HERE))

project = "Rencontres"
author = "Rencontres"
language = "en"
extensions = ["myst_parser", "linked_files", "accessible"]

root_doc = "README"
include_patterns = ["*.md", "docs/**.md"]
exclude_patterns = ["docs/site", *(entry.name for entry in os.scandir(ROOT) if entry.is_dir() and entry.name != "docs")]

myst_heading_anchors = 4
# What CommonMark does not know, so that a page reads here as it does elsewhere.
myst_disable_syntax = ["myst_block_break", "myst_line_comment", "myst_role", "myst_target"]
suppress_warnings = ["misc.highlighting_failure"]  # commands with an ellipsis in them are no fault

FOLDERS = {"docs/adr/README", "docs/operations/runbooks/README"}
"""Their pages stand below them, in the order of their names."""
PAGES_BESIDE = "\n\n```{toctree}\n:hidden:\n:glob:\n\n[0-9a-z]*\n```\n"


def _colours(rule: str) -> dict[str, str]:
    """Those of the site itself (chassis/look/tokens.css), under the names of the theme."""
    sheet = (ROOT / "chassis" / "look" / "tokens.css").read_text(encoding="utf-8")
    tokens = dict(re.findall(r"--([\w-]+): ([^;]+);", sheet[sheet.index(rule) :].partition("}")[0]))
    names = {
        "paper": ["background-primary", "background-item"],
        "sheet": ["background-secondary", "code-background", "inline-code-background", "table-header-background"],
        "ink": ["foreground-primary", "sidebar-link-text", "code-foreground"],
        "soft": ["foreground-secondary", "foreground-muted", "sidebar-caption-text", "toc-title-text", "toc-item-text"],
        "line": ["background-border"],
        "edge": ["foreground-border"],
        "wash": ["background-hover", "sidebar-item-background--hover", "highlight-on-target"],
        "brick": ["brand-primary", "brand-content", "brand-visited", "sidebar-link-text--top-level", "link--visited"],
    }
    return {f"color-{name}": tokens[token] for token, theirs in names.items() for name in theirs} | {
        "font-stack": "var(--site-sans)",
        "font-stack--headings": "var(--site-serif)",
        "font-stack--monospace": "var(--site-mono)",
    }


html_theme = "furo"
html_title = "Rencontres"
html_logo = html_favicon = "../../services/registration/static/rencontres.svg"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_use_index = False
html_theme_options = {
    "light_css_variables": _colours(":root {"),
    "dark_css_variables": _colours("(prefers-color-scheme: dark)"),
}


def setup(app: "Sphinx") -> None:
    app.connect("source-read", _add_navigation)
    app.connect("build-finished", _open_at_the_readme)
    app.connect("build-finished", _lead_alerts)


def _add_navigation(_app: "Sphinx", page: str, source: list[str]) -> None:
    if page == root_doc:
        source[0] += "\n\n" + (HERE / "navigation.md").read_text(encoding="utf-8")
    if page in FOLDERS:
        source[0] += PAGES_BESIDE


def _open_at_the_readme(app: "Sphinx", failure: Exception | None) -> None:
    """A web server shows index.html, and the README stands beside the pages that it links."""
    if failure is None:
        readme = Path(app.outdir) / "README.html"
        (Path(app.outdir) / "index.html").write_bytes(readme.read_bytes())


def _lead_alerts(app: "Sphinx", _failure: Exception | None) -> None:
    """An alert names its page as it lies in the repository, `….md`: on the site that leads on to the page."""
    for page in Path(app.outdir, "docs", "operations", "runbooks").glob("[a-z]*.html"):
        way = page.with_suffix(".md") / "index.html"
        way.parent.mkdir()
        way.write_text(
            f'<!doctype html><html lang="en"><title>{page.stem}</title><meta http-equiv="refresh" content="0; url=../{page.name}">'
            f'<p><a href="../{page.name}">{page.stem}</a>',
            encoding="utf-8",
        )
