"""A policy scanner finds nothing in the rendered overlays but what `deploy/k8s/accepted-findings.yaml` accepts, with a reason."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from tests.fixtures.manifests import K8S, OVERLAYS, ROOT, render

SCANNER = ROOT / ".tools" / "checkov" / "bin" / "checkov"


class Accepted(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    check: str
    title: str
    reason: str
    objects: str = ".*"

    def covers(self, finding: "Finding") -> bool:
        return self.check == finding.check_id and re.fullmatch(self.objects, finding.resource) is not None


class Finding(BaseModel):
    model_config = ConfigDict(frozen=True)

    check_id: str
    check_name: str
    resource: str


class _Results(BaseModel):
    passed_checks: list[Finding]
    failed_checks: list[Finding]


class _Report(BaseModel):
    results: _Results


@pytest.mark.timeout(300)
def test_the_scanner_finds_nothing_but_what_is_argued(tmp_path: Path) -> None:
    if not SCANNER.exists():
        pytest.skip("checkov is not installed: run scripts/manifest-scanner (make test does)")
    files = []
    for name in OVERLAYS:
        files += ["--file", str(tmp_path / f"{name}.yaml")]
        (tmp_path / f"{name}.yaml").write_text(render(K8S / "overlays" / name))
    found = _scan(*files)
    accepted = TypeAdapter(list[Accepted]).validate_python(yaml.safe_load((K8S / "accepted-findings.yaml").read_text()))
    assert len(found.passed_checks) > 2000
    unargued = [finding for finding in found.failed_checks if not any(one.covers(finding) for one in accepted)]
    assert not unargued
    gone = [one for one in accepted if not any(one.covers(finding) for finding in found.failed_checks)]
    assert not gone
    titles = {finding.check_id: finding.check_name for finding in found.failed_checks}
    assert {one.check: one.title for one in accepted} == titles


def _scan(*files: str) -> _Results:
    """It downloads nothing: neither guides nor modules."""
    arguments = (
        "--framework",
        "kubernetes",
        "--compact",
        "--skip-download",
        "--output",
        "json",
        "--soft-fail",
    )
    done = subprocess.run([str(SCANNER), *arguments, *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return _Report.model_validate_json(done.stdout).results
