"""The decisions and their list agree: a number is one decision's, whichever of two was written first."""

import re
from pathlib import Path

DECISIONS = Path(__file__).parents[2] / "docs" / "adr"


def test_every_decision_is_listed_once_under_a_number_of_its_own() -> None:
    listed = re.findall(
        r"^\| \[(\d{4})\]\(([^)]+)\)", (DECISIONS / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    written = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))
    assert sorted(name for _, name in listed) == written
    assert sorted(number for number, _ in listed) == sorted({name[:4] for name in written})


def test_a_decision_bears_the_number_of_its_file() -> None:
    for path in DECISIONS.glob("[0-9]*.md"):
        assert path.read_text(encoding="utf-8").startswith(f"# {path.name[:4]}. "), path.name
