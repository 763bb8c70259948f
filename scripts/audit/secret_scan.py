"""Did a secret get into the tree, or was one ever in its history? By Kingfisher, offline, with rules of ours beside its own.

Two secrets are planted in what it reads; a scan that does not find both says nothing, and fails. It never asks a provider whether a secret
is alive, and nothing of what it finds is printed whole.
"""

import base64
import json
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from scripts.audit.lock import tracked
from scripts.audit.report import Outcome, Result, judge
from scripts.audit.requirements import ROOT

CHECK = "secrets"
SCANNER = ROOT / ".tools" / "audit" / "bin" / "kingfisher"
RULES = Path(__file__).parent / "secret-rules.yaml"
ACCEPTED = Path(__file__).parent / "accepted-secrets.yaml"
TO_DO = "revoke it first, then take it out (docs/operations/supply-chain.md)"
SECONDS = 300


class Accepted(BaseModel):
    """What looks like a secret and is none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    text: str
    reason: str


class _Commit(BaseModel):
    id: str


class _GitMetadata(BaseModel):
    commit: _Commit


class _Place(BaseModel):
    path: str
    line: int
    snippet: str
    git: _GitMetadata | None = Field(default=None, alias="git_metadata")


class _Rule(BaseModel):
    id: str


class Found(BaseModel):
    """One finding of the scanner."""

    rule: _Rule
    finding: _Place


class _Summary(BaseModel):
    whole: int = Field(alias="scan_succeeded")
    partial: int = Field(alias="scan_partial")
    failed: int = Field(alias="scan_failed")


class _Audit(BaseModel):
    summary: _Summary


class Report(BaseModel):
    """What the scanner answers."""

    findings: list[Found]
    audit: _Audit


def check(root: Path = ROOT) -> Result:
    """Scan the tree as git has it or would take it, and its history."""
    if not SCANNER.exists():
        return Result(CHECK, Outcome.SKIPPED, "Kingfisher is not installed: nothing was scanned", "scripts/audit-tools")
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        planted = plant(stage / "planted")
        files = _copy(root, stage / "tree")
        commits = _copy_history(root, stage / "history.git")
        try:
            report = scan(stage)
        except subprocess.TimeoutExpired:
            return Result(CHECK, Outcome.SKIPPED, f"not done within {SECONDS} s", "run it on a quieter machine")
    well = f"none in {files} files and {commits} commits; the {len(planted)} planted ones were found"
    return weigh(report, planted=planted, accepted=accepted(), well=well)


def accepted() -> list[Accepted]:
    """Return what is argued."""
    return TypeAdapter(list[Accepted]).validate_python(yaml.safe_load(ACCEPTED.read_text(encoding="utf-8")))


def weigh(report: Report, *, planted: set[str], accepted: Iterable[Accepted], well: str) -> Result:
    """Return what is neither planted nor argued; and what is planted or argued and was not found."""
    found = list(_shortened(report.findings))
    known = set(accepted)
    summary = report.audit.summary
    missed = len(planted - {one.text for one in found})
    argued = {one for one in known if any((one.path, one.text) == (each.path, each.text) for each in found)}
    findings = [
        *(
            f"{missed} of {len(planted)} planted secrets were not found: the scan says nothing"
            for _ in range(missed)[:1]
        ),
        *(
            f"{summary.partial + summary.failed} parts were not scanned"
            for _ in range(summary.partial + summary.failed)[:1]
        ),
        *(f"{ACCEPTED.name}: no longer found in {one.path}: {one.reason}" for one in known - argued),
        *(
            str(one)
            for one in found
            if one.text not in planted and not any((one.path, one.text) == (each.path, each.text) for each in known)
        ),
    ]
    return judge(CHECK, findings, well=well, to_do=TO_DO)


class _Secret(BaseModel):
    model_config = ConfigDict(frozen=True)

    path: str
    line: int
    text: str
    rule: str
    commit: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" + (f" as of {self.commit[:12]}" if self.commit else "")
        return f"{where}: {self.text[:3]}… ({len(self.text)} characters, {self.rule})"


def _shortened(findings: Iterable[Found]) -> Iterator[_Secret]:
    """One a place and text, of the tree before history: the same line stands in many commits, and matches more than one rule."""
    seen: set[tuple[str, str]] = set()
    for one in sorted(findings, key=lambda one: (one.finding.git is not None, one.finding.path, one.finding.line)):
        path = one.finding.path.split("/tree/", 1)[-1]
        if (path, one.finding.snippet) not in seen:
            seen.add((path, one.finding.snippet))
            commit = one.finding.git.commit.id if one.finding.git else ""
            yield _Secret(path=path, line=one.finding.line, text=one.finding.snippet, rule=one.rule.id, commit=commit)


def plant(folder: Path) -> set[str]:
    """Write a private key and a manifest with passwords of NATS and PostgreSQL, made here and now; return them as the scanner shows them."""
    folder.mkdir()
    nats, postgres = (f"7{secrets.token_urlsafe(18)}" for _ in range(2))
    lines = [
        "kind: Secret",
        "stringData:",
        f"  RENCONTRES_NATS_URL: tls://registration-relay:{nats}@nats:4222",
        f"  POSTGRES_PASSWORD: {postgres}",
    ]
    (folder / "secret.yaml").write_text("\n".join([*lines, ""]), encoding="utf-8")
    body = base64.encodebytes(
        bytes.fromhex("308204be020100300d06092a864886f70d0101010500048204a8") + secrets.token_bytes(1192)
    )
    dashes = "-" * 5
    key = f"{dashes}BEGIN PRIVATE KEY{dashes}\n{body.decode()}{dashes}END PRIVATE KEY{dashes}"
    (folder / "tls.key").write_text(f"{key}\n", encoding="utf-8")
    return {nats, postgres, key}


def scan(stage: Path) -> Report:
    """Run the scanner over a folder."""
    command = [
        *(str(SCANNER), "scan", str(stage), "--format", "json", "--confidence", "medium", "--no-dedup"),
        *("--no-validate", "--no-update-check", "--rules-path", str(RULES)),
        *("--rule-cache-dir", str(ROOT / ".tools" / "audit" / "rules")),
    ]
    ran = subprocess.run(command, check=False, capture_output=True, timeout=SECONDS)
    if not ran.stdout:
        raise RuntimeError(ran.stderr.decode(errors="replace")[-2000:])
    return Report.model_validate(json.loads(ran.stdout.splitlines()[0]))


def _copy(root: Path, into: Path) -> int:
    """What git does not have and would not take (.venv, var) stays out."""
    files = tracked(root)
    for path in files:
        target = into / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return len(files)


def _copy_history(root: Path, into: Path) -> int:
    subprocess.run(["git", "clone", "--quiet", "--bare", str(root), str(into)], check=True)
    counted = subprocess.run(
        ["git", "rev-list", "--count", "HEAD"], cwd=into, check=True, capture_output=True, text=True
    )
    return int(counted.stdout)
