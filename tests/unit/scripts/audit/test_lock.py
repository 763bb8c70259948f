"""The check of the lock passes what is as it must be, and names each way in which it is not."""

from pathlib import Path

import pytest

from scripts.audit.lock import check
from scripts.audit.report import Outcome
from tests.unit.scripts.audit.project import HASH, pin, project


def test_a_hashed_lock_that_is_what_was_asked_for_passes(tmp_path: Path) -> None:
    result = check(project(tmp_path))
    assert (result.outcome, result.findings) == (Outcome.OK, ())


@pytest.mark.parametrize(
    ("file", "text", "finding"),
    [
        ("scanner.txt", "checkov==3.3.1\n", "scanner.txt:1: checkov has no hash"),
        ("scanner.txt", "checkov==3.3.1 --hash=md5:abc\n", "checkov has a hash that is no SHA-256: md5:abc"),
        ("scanner.txt", f"checkov>=3.3 --hash=sha256:{HASH}\n", "checkov is not pinned to one version"),
        ("scanner.txt", f"checkov==3.* --hash=sha256:{HASH}\n", "checkov is not pinned to one version"),
        ("scanner.txt", f"checkov @ https://host.example/c.whl --hash=sha256:{HASH}\n", "from an address of its own"),
        (
            "scanner.txt",
            "--index-url https://host.example/\n" + pin("checkov", "3.3.1"),
            "only pins belong: --index-url",
        ),
        ("scanner.txt", "-r other.txt\n" + pin("checkov", "3.3.1"), "an option, where only pins belong: -r"),
        ("scanner.txt", "not a requirement at all\n", "no requirement"),
        ("scanner.txt", pin("checkov", "3.3.1") * 2, "checkov stands twice"),
        ("scanner.txt", pin("checkov", "3.2.9"), "scanner.txt has checkov 3.2.9, asked for is >=3.3"),
        ("scanner.txt", pin("other", "1"), "scanner.txt lacks checkov, which is asked for"),
        ("dev.txt", pin("asyncpg", "0.32.0") + pin("jinja2", "3.1.6"), "dev.txt lacks pytest, which is asked for"),
        (
            "mail.txt",
            pin("asyncpg", "0.32.0") + pin("jinja2", "3.1.6", hashed="b" * 64),
            "with other hashes than dev.txt",
        ),
        (
            "mail.txt",
            pin("asyncpg", "0.33.0") + pin("jinja2", "3.1.6"),
            "mail.txt has asyncpg 0.33.0 with other hashes",
        ),
        ("stray.txt", pin("jinja2", "3.1.6"), "requirements/stray.txt is of nothing in pyproject.toml"),
    ],
)
def test_each_fault_of_a_lock_is_named(tmp_path: Path, file: str, text: str, finding: str) -> None:
    root = project(tmp_path)
    (root / "requirements" / file).write_text(text)
    result = check(root)
    assert result.outcome is Outcome.FAILED
    assert any(finding in one for one in result.findings), result.findings


def test_versions_that_differ_by_marker_may_both_be_pinned(tmp_path: Path) -> None:
    root = project(tmp_path)
    both = "".join(
        f"numpy=={version} ; python_version {which} \\\n    --hash=sha256:{HASH}\n"
        for version, which in (("2.2.6", "< '3.12'"), ("2.4.0", ">= '3.12'"))
    )
    (root / "requirements" / "scanner.txt").write_text(pin("checkov", "3.3.1") + both)
    assert check(root).outcome is Outcome.OK


def test_a_lock_that_was_forgotten_is_missed(tmp_path: Path) -> None:
    root = project(tmp_path)
    (root / "requirements" / "mail.txt").unlink()
    assert "requirements/mail.txt is missing" in check(root).findings


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("sha512-FHfa", "sha1-FHfa", "node_modules/axe-core has no SHA-512"),
        (
            '"version": "4.14.1"',
            '"version": "4.14.1", "resolved": "https://host.example/a.tgz"',
            "names where it comes from",
        ),
        ('"axe-core": "~4.14.0"', '"axe-core": "~4.13.0"', "is not of the package.json beside it"),
        ('"lockfileVersion": 3', '"lockfileVersion": 2', "is of version 2, not 3"),
    ],
)
def test_each_fault_of_a_lock_of_npm_is_named(tmp_path: Path, old: str, new: str, finding: str) -> None:
    path = project(tmp_path) / "browser" / "package-lock.json"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    assert any(finding in one for one in check(tmp_path).findings)


def test_a_file_that_may_name_an_index_is_named(tmp_path: Path) -> None:
    root = project(tmp_path)
    (root / "pip.conf").write_text("")
    (root / "pyproject.toml").write_text(
        (root / "pyproject.toml").read_text() + 'index-url = "https://host.example/simple"\n'
    )
    findings = check(root).findings
    assert "pip.conf may name an index" in findings
    assert "pyproject.toml: tool.uv.index-url names an index" in findings


def test_ours_passes() -> None:
    result = check()
    assert (result.outcome, result.findings) == (Outcome.OK, ())
