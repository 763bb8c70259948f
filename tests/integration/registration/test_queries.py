"""Every query of the service is valid on the migrated schema, and described."""

from chassis.sql import Query
from services.registration.store import queries
from tests.integration.registration.conftest import House


async def test_every_query_prepares_on_the_migrated_schema(house: House) -> None:
    prepared: list[Query] = []
    async with house.work.database.connection() as connection:
        for query in queries:
            await connection.prepare(query.text)
            prepared.append(query)
    assert len(prepared) > 30
