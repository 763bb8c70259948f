"""Whether a database is of the schema that this program knows, by the record that Alembic keeps there; Alembic itself is not needed to look."""

import re
from dataclasses import dataclass
from enum import Enum
from importlib import resources

import asyncpg
import structlog

from chassis.database import Connection
from chassis.exits import SchemaMismatch
from chassis.sql import Query, load_queries

_REVISION = re.compile(r'^revision = "(.+)"$', re.MULTILINE)
_queries = load_queries("chassis")
_log = structlog.get_logger(__name__)


class Standing(Enum):
    """A database beside this program."""

    CURRENT = "current"
    BEHIND = "behind"
    SERVING = "serving"
    """Newer, and serving programs as old as this one still."""
    NEWER = "newer"
    """Too new: what this program needs may be gone."""


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """Where a database stands: `found` is empty before its first migration, `known` is the newest one of this program."""

    standing: Standing
    found: str
    known: str
    oldest: str = ""
    """The oldest program that a newer database serves; empty when it does not say."""

    def require(self, package: str) -> None:
        """Return when this program can work with it. Raises SchemaMismatch, which says what to do."""
        if self.standing is Standing.BEHIND:
            raise SchemaMismatch(
                f"its database is at {self.found or 'no migration'}, this program needs {self.known}: "
                f"run python -m {package} migrate"
            )
        if self.standing is Standing.NEWER:
            serves = f" and serves programs from {self.oldest} on" if self.oldest else ""
            raise SchemaMismatch(
                f"its database is newer (at {self.found}){serves}, this program is at {self.known}: start the program that "
                "migrated it, or a later one"
            )
        if self.standing is Standing.SERVING:
            _log.warning(
                "its database is newer than this program and still serves it: replace it by the release that migrated it",
                database=self.found,
                program=self.known,
                serves_from=self.oldest,
            )


def revisions(package: str) -> tuple[str, ...]:
    """Return the migrations of a service, oldest first: their files are numbered in the order in which they run."""
    folder = resources.files(package).joinpath("migrations")
    files = sorted(
        (file for file in folder.iterdir() if re.match(r"\d{4}_.*\.py$", file.name)), key=lambda file: file.name
    )
    return tuple(found[1] for file in files if (found := _REVISION.search(file.read_text(encoding="utf-8"))))


async def schema_version(connection: Connection, *, package: str) -> SchemaVersion:
    """Look at the record of migrations. Raises asyncpg.PostgresError."""
    known = revisions(package)
    found = await _noted(connection, _queries.schema_revision)
    if found in {"", *known}:
        return SchemaVersion(Standing.CURRENT if found == known[-1] else Standing.BEHIND, found, known[-1])
    oldest = await _noted(connection, _queries.oldest_program)
    return SchemaVersion(Standing.SERVING if oldest in known else Standing.NEWER, found, known[-1], oldest)


async def _noted(connection: Connection, query: Query) -> str:
    """What a table of one row says; empty when it is not there yet. Inside a transaction that must not end it."""
    try:
        async with connection.transaction():
            return str(await query.fetchval(connection) or "")
    except asyncpg.UndefinedTableError:
        return ""
