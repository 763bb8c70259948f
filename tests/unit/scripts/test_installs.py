"""What scripts install into environments of their own: by hash, and no code of a package runs while it is installed."""

import re
from pathlib import Path

import pytest

from tests.fixtures.composition import ROOT

_INSTALL = re.compile(r"bin/pip install (?:\\\n|[^\n])*--require-hashes(?:\\\n|[^\n])*")
SCRIPTS = [
    file for file in sorted((ROOT / "scripts").iterdir()) if file.is_file() and _INSTALL.search(file.read_text())
]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_tools_come_as_wheels_alone(script: Path) -> None:
    """A source distribution would run its own build, whatever its hash. `scripts/setup` may build: uv, where a platform has no wheel."""
    for command in _INSTALL.findall(script.read_text()):
        assert "--only-binary :all:" in command


def test_there_are_such_scripts() -> None:
    assert {script.name for script in SCRIPTS} == {"audit-tools", "manifest-scanner", "site"}
