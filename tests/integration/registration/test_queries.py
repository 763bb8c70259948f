"""Every query of the service is valid on the migrated schema, and described."""

import re

import pytest

from chassis.sql import Query
from services.registration.store import queries
from tests.integration.registration.conftest import House


async def _plan(house: House, statement: str) -> str:
    async with house.work.database.transaction() as connection:
        await connection.execute("SET LOCAL enable_seqscan = off")
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE asked AS {statement}")
        nothing = ", ".join("NULL" for _ in set(re.findall(r"\$[0-9]", statement)))
        rows = await connection.fetch(f"EXPLAIN EXECUTE asked ({nothing})")
        await connection.execute("DEALLOCATE asked")
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (queries.record_of_scans.text, "scans_of_registration"),
        ("DELETE FROM scans WHERE meetup_id = $1", "scans_of_meetup"),
        (queries.batch_unconfirmed.text, "registrations_expired"),
        (queries.batch_named.text, "registrations_named"),
    ],
)
async def test_what_exports_and_nights_look_for_has_an_index(house: House, statement: str, index: str) -> None:
    assert f" {index} " in await _plan(house, statement)


async def test_every_query_prepares_on_the_migrated_schema(house: House) -> None:
    prepared: list[Query] = []
    async with house.work.database.connection() as connection:
        for query in queries:
            await connection.prepare(query.text)
            prepared.append(query)
    assert len(prepared) > 30
