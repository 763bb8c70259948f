"""Every query kept in a `.sql` file is one that its service runs."""

import re
from pathlib import Path

import pytest

import services
from chassis.sql import load_queries

SERVICES = Path(next(iter(services.__path__)))


@pytest.mark.parametrize("service", ["analytics", "notifications", "registration"])
def test_no_query_is_left_over(service: str) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (SERVICES / service).rglob("*.py")]
    run = {
        name
        for text in sources
        for names in re.findall(r'\bqueries\.(\w+)|"(\w+)"', text, re.IGNORECASE)
        for name in names
    }
    assert [query.name for query in load_queries(f"services.{service}") if query.name not in run] == []
