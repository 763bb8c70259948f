"""Every query of the service is valid on the migrated schema."""

from chassis.database import Database
from services.analytics.store import LIVE, QUERIES


async def test_every_query_prepares_on_the_migrated_schema(database: Database) -> None:
    prepared: list[str] = []
    async with database.transaction() as connection:
        await QUERIES.start_rebuilt_set.execute(connection)
        await QUERIES.enter_set.execute(connection, LIVE)
        for query in QUERIES:
            await connection.prepare(query.text)
            prepared.append(query.name)
    assert len(prepared) > 12


async def test_a_rebuilt_set_has_the_tables_of_the_live_one(database: Database) -> None:
    shape = """
        SELECT c.relname, c.reloptions::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            (SELECT count(*) FROM pg_constraint WHERE conrelid = c.oid), (SELECT count(*) FROM pg_index WHERE indrelid = c.oid)
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' ORDER BY 1, a.attnum"""
    async with database.transaction() as connection:
        await QUERIES.start_rebuilt_set.execute(connection)
        live = [tuple(row) for row in await connection.fetch(shape, "live")]
        rebuilt = [tuple(row) for row in await connection.fetch(shape, "rebuilt")]

    assert live == rebuilt
    assert len(live) > 20


async def test_nothing_kept_could_name_a_person(database: Database) -> None:
    async with database.connection() as connection:
        columns = await connection.fetchval(
            "SELECT string_agg(column_name, ' ') FROM information_schema.columns WHERE table_schema = 'live'"
        )
    assert not {"person_id", "reference", "email", "full_name", "name"} & set(columns.split())
