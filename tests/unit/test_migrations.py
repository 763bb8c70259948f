"""Migrations of each service stand in its folder in the order in which they run."""

import re
from importlib import import_module
from pathlib import Path

import pytest

import services

FOLDERS = sorted(Path(next(iter(services.__path__))).glob("*/migrations"))


def test_every_service_has_some() -> None:
    assert [folder.parent.name for folder in FOLDERS] == ["analytics", "notifications", "registration"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_each_follows_the_one_before_it_in_the_folder(folder: Path) -> None:
    before = None
    for number, file in enumerate(sorted(folder.glob("[0-9]*.py")), 1):
        module = import_module(f"services.{folder.parent.name}.migrations.{file.stem}")
        assert re.match(rf"{number:04}_[a-z_]+$", file.stem), f"{file.stem} is number {number}"
        assert (module.revision[:4], module.down_revision) == (f"{number:04}", before), f"{file.stem} follows {before}"
        before = module.revision


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_no_statements_lie_beside_that_nobody_runs(folder: Path) -> None:
    for file in folder.glob("*.sql"):
        assert "run_sql_beside(__file__)" in file.with_suffix(".py").read_text(encoding="utf-8")
