"""The audit never takes silence for safety: a source is believed only when it names what is known to be vulnerable."""

from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest

from scripts.audit import advisories, vulnerabilities
from scripts.audit.report import Outcome
from scripts.audit.vulnerabilities import Accepted, Answer, Silent, believe, locked, weigh

TODAY = date(2026, 11, 23)
VULNERABLE = {
    "name": "jinja2",
    "version": "2.10.1",
    "vulns": [{"id": "PYSEC-2021-66", "aliases": ["CVE-2020-28493"], "fix_versions": ["2.11.3"]}],
}
WELL = {"name": "attrs", "version": "26.1.0", "vulns": []}
UNKNOWN = {"name": "attrs", "skip_reason": "Dependency not found"}

ADVISORY = """\
id: PYSEC-2021-66
modified: '2026-11-20T16:34:00Z'
aliases: [CVE-2020-28493]
affected:
- package: {name: Jinja2, ecosystem: PyPI}
  ranges: [{type: ECOSYSTEM, events: [{introduced: '0'}, {fixed: 2.11.3}]}]
  versions: ['2.0']
"""


def _answer(*dependencies: object) -> Answer:
    return Answer.model_validate({"dependencies": dependencies})


def _accepted(until: date) -> Accepted:
    return Accepted(id="CVE-2020-28493", package="jinja2", reason="not reached", until=until)


@pytest.mark.parametrize("answer", [_answer(), _answer({**VULNERABLE, "vulns": []}), _answer(UNKNOWN)])
def test_a_source_that_knows_nothing_against_the_canary_is_not_believed(answer: Answer) -> None:
    with pytest.raises(Silent, match=r"a mirror knows nothing against jinja2==2\.10\.1"):
        believe(answer, "a mirror")
    believe(_answer(VULNERABLE), "a mirror")


def test_what_is_vulnerable_fails_with_its_mend() -> None:
    result = weigh(_answer(WELL, VULNERABLE), [], source="OSV", today=TODAY)
    assert result.outcome is Outcome.FAILED
    assert result.findings == ("jinja2 2.10.1: PYSEC-2021-66 (CVE-2020-28493), mended in 2.11.3",)


def test_what_is_argued_passes_until_its_day_by_any_of_its_names() -> None:
    assert weigh(_answer(VULNERABLE), [_accepted(TODAY)], source="OSV", today=TODAY).outcome is Outcome.OK
    late = weigh(_answer(VULNERABLE), [_accepted(date(2026, 11, 22))], source="OSV", today=TODAY)
    assert late.outcome is Outcome.FAILED


def test_an_argument_that_nothing_needs_any_longer_fails() -> None:
    result = weigh(_answer(WELL), [_accepted(TODAY)], source="OSV", today=TODAY)
    assert result.findings == ("accepted-vulnerabilities.yaml: CVE-2020-28493 is no longer told of jinja2",)


def test_packages_that_the_source_does_not_know_were_not_looked_for() -> None:
    result = weigh(_answer(VULNERABLE | {"vulns": []}, UNKNOWN), [], source="a mirror", today=TODAY)
    assert (result.outcome, result.summary) == (Outcome.SKIPPED, "NOT LOOKED FOR: a mirror does not know 1: attrs")


def test_every_pin_of_every_file_is_asked_about() -> None:
    asked = {one.split("==")[0] for one in locked()}
    assert {"faststream", "pytest", "checkov", "pip-audit"} <= asked


@pytest.mark.parametrize(("version", "known"), [("2.10.1", True), ("2.0", True), ("2.11.3", False), ("3.1.6", False)])
def test_a_folder_of_advisories_answers_as_the_service_does(tmp_path: Path, version: str, known: bool) -> None:
    (tmp_path / "vulns").mkdir()
    (tmp_path / "vulns" / "PYSEC-2021-66.yaml").write_text(ADVISORY)
    (tmp_path / "workflow.yaml").write_text("on: push\n")
    with advisories.serve(advisories.read(tmp_path)) as address:
        query = {"package": {"name": "jinja2", "ecosystem": "PyPI"}, "version": version}
        told = httpx.post(address, json=query).json()
    assert [one["id"] for one in told.get("vulns", [])] == (["PYSEC-2021-66"] if known else [])


def test_a_withdrawn_advisory_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(ADVISORY + "withdrawn: '2026-01-01T00:00:00Z'\n")
    assert advisories.read(tmp_path).about("jinja2", "2.10.1") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no advisories in"),
        (ADVISORY.replace("2026-11-20", "2024-10-10"), "end on 2024-10-10"),
        ("id: PYSEC-1\naffected: everything\n", "cannot be read"),
    ],
)
def test_a_folder_that_is_empty_old_or_broken_is_no_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    (tmp_path / "one.yaml").write_text(text)
    monkeypatch.setenv("ADVISORIES", str(tmp_path))
    monkeypatch.setattr(vulnerabilities, "PROGRAM", tmp_path)
    monkeypatch.setattr(vulnerabilities, "datetime", _Clock)
    result = vulnerabilities.check(TODAY)
    assert result.outcome is Outcome.SKIPPED
    assert result.summary.startswith("NOT LOOKED FOR: ")
    assert reason in result.summary


class _Clock:
    @staticmethod
    def now(tz: object) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)


def test_without_the_program_it_says_that_nothing_was_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vulnerabilities, "PROGRAM", tmp_path / "none")
    result = vulnerabilities.check()
    assert (result.outcome, result.to_do) == (Outcome.SKIPPED, "scripts/audit-tools")
