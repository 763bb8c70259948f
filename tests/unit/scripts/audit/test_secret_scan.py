"""A secret that gets into the tree is found, a scan that finds nothing at all is not believed, and nothing found is printed whole."""

from pathlib import Path

import pytest

from scripts.audit import secret_scan
from scripts.audit.report import Outcome, Result
from scripts.audit.secret_scan import SCANNER, Accepted, Report, check, plant, weigh
from tests.unit.scripts.audit.project import project

ARGUED = Accepted(path="tests/a.py", text="secret-word", reason="made up")


def _found(path: str, text: str, *, commit: str = "") -> dict[str, object]:
    git = {"git_metadata": {"commit": {"id": commit}}} if commit else {}
    return {"rule": {"id": "rencontres.url"}, "finding": {"path": path, "line": 7, "snippet": text, **git}}


def _weigh(*findings: dict[str, object], failed: int = 0) -> Result:
    audit = {"summary": {"scan_succeeded": 3, "scan_partial": 0, "scan_failed": failed}}
    report = Report.model_validate({"findings": findings, "audit": audit})
    return weigh(report, planted={"planted"}, accepted=[ARGUED], well="none")


PLANTED = _found("/tmp/stage/planted/secret.yaml", "planted")
MADE_UP = _found("/tmp/stage/tree/tests/a.py", "secret-word")


def test_what_is_planted_and_what_is_argued_is_no_finding() -> None:
    assert _weigh(PLANTED, MADE_UP).outcome is Outcome.OK


def test_a_scan_that_does_not_find_what_was_planted_fails() -> None:
    result = _weigh(MADE_UP)
    assert result.findings == ("1 of 1 planted secrets were not found: the scan says nothing",)


def test_a_scan_that_left_something_out_fails() -> None:
    assert _weigh(PLANTED, MADE_UP, failed=2).findings == ("2 parts were not scanned",)


def test_an_argument_that_nothing_needs_any_longer_fails() -> None:
    assert _weigh(PLANTED).findings == ("accepted-secrets.yaml: no longer found in tests/a.py: made up",)


def test_another_secret_in_the_same_file_is_found_and_not_printed_whole() -> None:
    other = _found("/tmp/stage/tree/tests/a.py", "Zq8vN2xLw7Rt4KpY")
    (finding,) = _weigh(PLANTED, MADE_UP, other).findings
    assert finding == "tests/a.py:7: Zq8… (16 characters, rencontres.url)"


def test_a_secret_that_was_taken_out_again_is_found_in_the_history() -> None:
    gone = [_found("tests/b.py", "Zq8vN2xLw7Rt4KpY", commit=one * 40) for one in "12"]
    (finding,) = _weigh(PLANTED, MADE_UP, *gone).findings
    assert finding.startswith("tests/b.py:7 as of 111111111111: Zq8…")


def test_without_the_scanner_it_says_that_nothing_was_scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_scan, "SCANNER", tmp_path / "none")
    result = check()
    assert (result.outcome, result.to_do) == (Outcome.SKIPPED, "scripts/audit-tools")


@pytest.mark.skipif(
    not SCANNER.exists(), reason="Kingfisher is not installed: run scripts/audit-tools (make audit does)"
)
def test_the_scanner_finds_a_private_key_and_passwords_of_nats_and_postgresql(tmp_path: Path) -> None:
    root = project(tmp_path)
    planted = plant(root / "deploy")
    (root / "deploy" / "fine.yaml").write_text(
        "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}\nurl: nats://$USER:$PASSWORD@nats\n"
    )
    (root / "requirements.txt").write_text(f"a==1 --hash=sha256:{'0123456789abcdef' * 4}\n")
    found = {one.finding.snippet for one in secret_scan.scan(root).findings}
    assert found == planted
