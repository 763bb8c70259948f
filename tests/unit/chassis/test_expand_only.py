"""Migrations that take something away say which programs can do without: while versions change, old ones run on the new schema."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from chassis.schema_version import revisions
from local.processes import SERVICES

ROOT = Path(__file__).parents[3]
FILES = [
    (module, file)
    for module in SERVICES
    for file in sorted((ROOT / module.replace(".", "/") / "migrations").glob("[0-9]*.py"))
]
TAKES_AWAY = re.compile(
    r"\bDROP\s+(?!NOT\s+NULL|DEFAULT)|\bRENAME\b|\bSET\s+NOT\s+NULL\b|\bALTER\s+COLUMN\s+\w+\s+(SET\s+DATA\s+)?TYPE\b"
    r"|\bADD\s+(COLUMN\s+)?\w+ [^,;]*\bNOT\s+NULL\b(?![^,;]*\b(DEFAULT|GENERATED)\b)",
    re.IGNORECASE,
)


@pytest.mark.parametrize(("module", "file"), FILES, ids=lambda value: getattr(value, "stem", value))
def test_a_migration_that_takes_something_away_says_which_programs_it_still_serves(module: str, file: Path) -> None:
    migration = import_module(f"{module}.migrations.{file.stem}")
    sql = file.with_suffix(".sql")
    if migration.down_revision is None or not sql.exists():
        return
    found = TAKES_AWAY.search(re.sub(r"--.*", "", sql.read_text()))
    assert found is None or hasattr(migration, "oldest_program"), found


@pytest.mark.parametrize("module", SERVICES)
def test_what_they_name_are_their_own_migrations_and_never_go_back(module: str) -> None:
    known = revisions(module)
    named = [
        (migration.revision, migration.oldest_program)
        for owner, file in FILES
        if owner == module and hasattr(migration := import_module(f"{module}.migrations.{file.stem}"), "oldest_program")
    ]
    assert [oldest for _, oldest in named] == sorted(oldest for _, oldest in named)
    assert all(oldest in known and oldest <= revision for revision, oldest in named)


@pytest.mark.parametrize(
    ("sql", "takes_away"),
    [
        ("ALTER TABLE a DROP COLUMN b", True),
        ("ALTER TABLE a RENAME b TO c", True),
        ("ALTER TABLE a ALTER COLUMN b SET NOT NULL", True),
        ("ALTER TABLE a ADD b text NOT NULL", True),
        ("ALTER TABLE a ALTER COLUMN b TYPE int", True),
        ("ALTER TABLE a ADD b text NOT NULL DEFAULT ''", False),
        ("ALTER TABLE a ADD b text", False),
        ("ALTER TABLE a ALTER COLUMN b DROP NOT NULL", False),
        ("CREATE TABLE a (b text NOT NULL)", False),
    ],
)
def test_what_takes_something_away(sql: str, takes_away: bool) -> None:
    assert bool(TAKES_AWAY.search(sql)) is takes_away
