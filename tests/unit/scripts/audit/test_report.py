"""The exit code: 1 for a failure, 0 for what was skipped, which stays visible."""

import pytest

from scripts.audit.report import Outcome, Result, judge, show


def test_a_failure_ends_with_1_and_shows_each_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert show([judge("lock", ["no hash", "no pin"], well="", to_do="make lock")]) == 1
    shown = capsys.readouterr().out
    assert "lock: no hash\nlock: no pin\n" in shown
    assert "2 findings" in shown
    assert "make lock" in shown


def test_what_was_skipped_ends_with_0_and_says_what_was_not_done(capsys: pytest.CaptureFixture[str]) -> None:
    skipped = Result("vulnerabilities", Outcome.SKIPPED, "NOT LOOKED FOR", "make audit elsewhere")
    assert show([judge("lock", [], well="all is well", to_do=""), skipped]) == 0
    shown = capsys.readouterr().out
    assert "skipped" in shown
    assert "NOT LOOKED FOR" in shown
