"""Styles are those of pages somebody visits: the style guide alone keeps none alive."""

import re

from services.registration.pages.assets import asset_contents
from services.registration.pages.catalogue import SOURCE_LANGUAGE, catalogues
from tests.unit.registration.pages.gallery import every_page

MADE_OF_NUMBERS = re.compile(r"(opens|opened)-[1-9]$")
"""Which answer opens a question; a form has as many as its organisers ask."""


def test_no_style_is_left_over() -> None:
    sheet = re.sub(r"/\*.*?\*/", "", asset_contents()["rencontres.css"].decode(), flags=re.DOTALL)
    styled = {name for rule in re.findall(r"[^{}]+(?=\{)", sheet) for name in re.findall(r"\.([a-z][a-z0-9-]*)", rule)}
    pages = every_page(catalogues()[SOURCE_LANGUAGE])
    visited = [html for name, html in pages.items() if name != "style"]
    used = {name for html in visited for names in re.findall(r'class="([^"]*)"', html) for name in names.split()}
    assert {name for name in styled - used if not MADE_OF_NUMBERS.match(name)} == set()
