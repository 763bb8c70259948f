"""Root without user namespaces is told what stands in the way, not left with PostgreSQL's own refusal."""

from pathlib import Path

import pytest

from local.root_guard import Unprivileged, UntraversableError, unprivileged


def test_an_ordinary_user_runs_programs_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert unprivileged(tmp_path, needs=tmp_path) == Unprivileged()


def test_root_without_namespaces_is_told_which_folder_to_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda _: None)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(UntraversableError, match=r"chmod o\+x"):
        unprivileged(closed / "data", needs=tmp_path)
