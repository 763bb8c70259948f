"""The loader of `.sql` files: named, described, or refused at start."""

import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from opentelemetry.trace import SpanKind

from chassis import telemetry
from chassis.sql import BadSqlFile, Queries, load_queries
from tests.fixtures.telemetry import Spans


@pytest.fixture
def package(tmp_path: Path) -> Iterator[str]:
    name = f"made_up_{uuid4().hex[:8]}"
    (tmp_path / name / "sql").mkdir(parents=True)
    (tmp_path / name / "__init__.py").touch()
    sys.path.insert(0, str(tmp_path))
    yield name
    sys.path.remove(str(tmp_path))


def _write(package: str, name: str, text: str) -> None:
    (Path(sys.path[0]) / package / "sql" / name).write_text(text)


def test_each_query_has_its_name_description_and_text(package: str) -> None:
    _write(
        package,
        "a.sql",
        "-- name: one\n-- Counts.\n-- In two lines.\nSELECT count(*)\nFROM t;\n\n-- name: two\n-- Twice.\nSELECT 2;\n",
    )
    _write(package, "b.sql", "-- name: three\n-- Thrice.\nSELECT 3 -- inside\n")
    queries = load_queries(package)

    assert [query.name for query in queries] == ["one", "two", "three"]
    assert queries.one.about == "Counts. In two lines."
    assert queries.one.text == "SELECT count(*)\nFROM t"
    assert queries.three.text == "SELECT 3 -- inside"


@pytest.mark.parametrize(
    "text",
    ["-- name: one\nSELECT 1;\n", "-- name: One\n-- Capital.\nSELECT 1;\n", "-- name: one two\n-- Space.\nSELECT 1;\n"],
)
def test_a_query_without_a_proper_name_or_a_description_is_refused(package: str, text: str) -> None:
    _write(package, "a.sql", text)

    with pytest.raises(BadSqlFile):
        load_queries(package)


def test_two_queries_of_one_name_are_refused(package: str) -> None:
    _write(package, "a.sql", "-- name: one\n-- First.\nSELECT 1;\n")
    _write(package, "b.sql", "-- name: one\n-- Second.\nSELECT 2;\n")

    with pytest.raises(BadSqlFile, match="one"):
        load_queries(package)


def test_an_unknown_query_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such"):
        _ = Queries({}).no_such


class FakeConnection:
    """Answers with what it was asked."""

    async def fetchval(self, text: str, *arguments: object) -> object:
        return (text, arguments)


async def test_within_a_trace_a_query_is_a_client_span_of_its_own_name(package: str, spans: Spans) -> None:
    _write(package, "a.sql", "-- name: one\n-- Counts.\nSELECT 1;\n")
    with telemetry.tracer("test").start_as_current_span("request"):
        answer = await load_queries(package).one.fetchval(FakeConnection(), 7)  # type: ignore[arg-type]

    span = spans.one("one")
    assert answer == ("SELECT 1", (7,))
    assert span.kind is SpanKind.CLIENT
    assert dict(span.attributes or {}) == {"db.system.name": "postgresql", "db.query.summary": "one"}


async def test_a_poll_outside_of_any_trace_leaves_none(package: str, spans: Spans) -> None:
    _write(package, "a.sql", "-- name: one\n-- Counts.\nSELECT 1;\n")
    await load_queries(package).one.fetchval(FakeConnection(), 7)  # type: ignore[arg-type]

    assert spans.all() == []
