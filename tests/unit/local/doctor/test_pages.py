"""The operators' pages say what the code does: every check of the doctor, every exit code."""

from pathlib import Path

from chassis.exits import HOPELESS, Exit
from local.doctor.checks import CHECKS, about, name_of

DOCS = Path(__file__).parents[4] / "docs" / "operations"


def test_every_check_has_its_line_in_the_page_and_the_page_no_other() -> None:
    page = (DOCS / "doctor.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    assert rows == [f"| {name_of(check)} | {about(check)} |" for check in CHECKS]


def test_every_exit_code_has_its_line_in_the_page_and_the_page_no_other() -> None:
    page = (DOCS / "exit-codes.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:3] for line in page.splitlines() if line.startswith("| ")][1:]
    assert [(int(code), name.strip(" `")) for code, name in rows] == [
        (exit_.value, exit_.name) for exit_ in sorted(Exit)
    ]
    assert f"ended with {' or '.join(str(int(code)) for code in sorted(HOPELESS))}:" in page
