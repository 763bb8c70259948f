"""Every page of the repository has one place in the navigation of the site; the rest is said by `make site` itself."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE = ROOT / "docs" / "site"


def test_every_page_stands_in_the_navigation_once() -> None:
    pages = [str(page.relative_to(ROOT)) for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))]
    below = [
        page for folder in _folders() for page in pages if page.startswith(folder) and page != f"{folder}README.md"
    ]
    wanted = {page for page in pages if not page.startswith("docs/site/")} - {"README.md"}

    assert Counter([*_listed(), *below]) == Counter(wanted)


def _listed() -> list[str]:
    entries = re.findall(r"^(?:[^`:\n]+<)?([\w/.-]+)>?$", (SITE / "navigation.md").read_text(), re.MULTILINE)
    return [f"{entry}.md" for entry in entries]


def _folders() -> list[str]:
    """Whose pages conf.py puts below their README."""
    found = re.search(r"^FOLDERS = \{(.+)\}$", (SITE / "conf.py").read_text(), re.MULTILINE)
    assert found
    return [name.removesuffix("README") for name in re.findall(r'"([^"]+)"', found[1])]
