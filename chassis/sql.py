"""SQL kept in `.sql` files: every query has a name and a line that says what it is for, and shows up in traces under that name.

-- name: lock_meetups
-- Locks the meetups concerned in id order, so that two batches can never wait for each other.
SELECT … WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE;
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import asyncpg
from opentelemetry import trace
from opentelemetry.trace import SpanKind

from chassis.database import Connection

_QUERY = re.compile(r"^-- name: (?P<name>[a-z][a-z0-9_]*)\n(?P<about>(?:-- .*\n)+)", re.MULTILINE)
_tracer = trace.get_tracer("rencontres.sql")


class BadSqlFile(Exception):
    """Raised at start when a query has no description, or two have one name. Nothing is served until it is mended."""


@dataclass(frozen=True, slots=True)
class Query:
    """One named statement."""

    name: str
    about: str
    text: str

    async def fetch(self, connection: Connection, *arguments: object) -> list[asyncpg.Record]:
        """Run it and return all rows."""
        with self._span():
            return await connection.fetch(self.text, *arguments)

    async def fetchrow(self, connection: Connection, *arguments: object) -> asyncpg.Record | None:
        """Run it and return the first row, if any."""
        with self._span():
            return await connection.fetchrow(self.text, *arguments)

    async def fetchval(self, connection: Connection, *arguments: object) -> Any:  # noqa: ANN401 - as asyncpg has it
        """Run it and return the first column of the first row."""
        with self._span():
            return await connection.fetchval(self.text, *arguments)

    async def execute(self, connection: Connection, *arguments: object, within: float | None = None) -> str:
        """Run it, within other seconds than the connection has if need be, and return the command tag."""
        with self._span():
            return await connection.execute(self.text, *arguments, timeout=within)

    def _span(self) -> AbstractContextManager[trace.Span | None]:
        # Outside of any trace it is a poll, which nobody wants to find a thousand times among the traces.
        if not trace.get_current_span().is_recording():
            return nullcontext()
        return _tracer.start_as_current_span(
            self.name, kind=SpanKind.CLIENT, attributes={"db.system.name": "postgresql", "db.query.summary": self.name}
        )


class Queries:
    """The queries of one package, as attributes."""

    def __init__(self, queries: dict[str, Query]) -> None:
        self._queries = queries

    def __getattr__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError:
            raise AttributeError(f"no query is called {name!r}") from None

    def __iter__(self) -> Iterator[Query]:
        return iter(self._queries.values())


def load_queries(package: str) -> Queries:
    """Read every `sql/*.sql` of a package. Raises BadSqlFile."""
    queries: dict[str, Query] = {}
    for file in sorted(resources.files(package).joinpath("sql").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            for query in _parse(file):
                if query.name in queries:
                    raise BadSqlFile(f"{package}: two queries are called {query.name}")
                queries[query.name] = query
    return Queries(queries)


def _parse(file: Traversable) -> Iterator[Query]:
    text = file.read_text(encoding="utf-8")
    heads = list(_QUERY.finditer(text))
    if len(heads) != text.count("-- name: "):
        raise BadSqlFile(f"{file.name}: a query lacks its line of description")
    for head, end in zip(heads, [*(head.start() for head in heads[1:]), len(text)], strict=True):
        about = " ".join(line.removeprefix("-- ") for line in head["about"].splitlines())
        yield Query(head["name"], about, text[head.end() : end].strip().rstrip(";"))
