"""The .env of one server: the example names what compose.yaml reads, and the script makes every password, once."""

import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.composition import DEPLOY, composition

FILE = composition()
EXAMPLE = (DEPLOY / ".env.example").read_text()
_COMPOSES_OWN = {"COMPOSE_PROFILES"}


def test_whatever_the_example_sets_is_read() -> None:
    named = set(re.findall(r"^#?([A-Z]\w*)=", EXAMPLE, re.MULTILINE))
    assert named - _COMPOSES_OWN <= FILE.variables


def test_what_must_be_set_is_empty_in_the_example_and_nothing_else_is() -> None:
    empty = set(re.findall(r"^(\w+)=$", EXAMPLE, re.MULTILINE))
    assert empty == FILE.required


def test_defaults_that_the_example_shows_are_those_of_the_file() -> None:
    for name, shown in re.findall(r"^#?(\w+_(?:IMAGE|PORT|ADDRESS))=(.+)$", EXAMPLE, re.MULTILINE):
        assert f"${{{name}:-{shown}}}" in FILE.text, name


def test_every_profile_that_the_example_names_exists() -> None:
    said = re.search(r"^COMPOSE_PROFILES=(.+)$", EXAMPLE, re.MULTILINE)
    assert said
    profiles = {profile for one in FILE.services.values() for profile in one.profiles}
    assert set(said[1].split(",")) == profiles - {"commands"}


def test_the_script_makes_each_password_once_and_shows_them_to_nobody(deploy: Path) -> None:
    said = _run(deploy)
    env = deploy / ".env"
    values = dict(re.findall(r"^(\w+)=(.+)$", env.read_text(), re.MULTILINE))
    passwords = [values[name] for name in FILE.required]
    assert len(set(passwords)) == len(passwords)
    assert all(re.fullmatch(r"p[0-9a-f]{48}", password) for password in passwords)
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert not any(password in said for password in passwords)


def test_a_second_run_keeps_what_is_there_and_adds_what_a_release_brought(deploy: Path) -> None:
    _run(deploy)
    env = deploy / ".env"
    before = env.read_text()
    without = re.sub(r"^GRAFANA_PASSWORD=.*\n", "", before, flags=re.MULTILINE)
    assert without != before
    env.write_text(without)
    _run(deploy)
    after = env.read_text()
    assert after.startswith(without)
    assert re.fullmatch(r"GRAFANA_PASSWORD=p[0-9a-f]{48}\n", after.removeprefix(without))


def test_git_ignores_it() -> None:
    assert "deploy/.env" in (DEPLOY.parent / ".gitignore").read_text().splitlines()


@pytest.fixture
def deploy(tmp_path: Path) -> Path:
    for name in ("new-env", ".env.example"):
        shutil.copy(DEPLOY / name, tmp_path / name)
    return tmp_path


def _run(deploy: Path) -> str:
    return subprocess.run([sys.executable, str(deploy / "new-env")], capture_output=True, text=True, check=True).stdout
