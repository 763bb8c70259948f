"""A copy that an operator writes to a file is for that operator alone."""

import os
import stat
from pathlib import Path

from services.registration.person_commands import _write_for_oneself


def test_nobody_else_on_the_machine_can_read_a_copy(tmp_path: Path) -> None:
    file = tmp_path / "donnees.zip"
    mask = os.umask(0)
    try:
        _write_for_oneself(file, b"first")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.chmod(0o644)
        _write_for_oneself(file, b"second")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == b"second"


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "donnees.zip"
    target.touch()
    link.symlink_to(target)
    _write_for_oneself(link, b"content")
    assert target.read_bytes() == b""
    assert not link.is_symlink()
