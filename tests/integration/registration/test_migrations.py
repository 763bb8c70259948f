"""A database that has been in use is brought up to date with what stands in it."""

import asyncpg

from chassis.migrations import migrate
from tests.fixtures.servers import PostgresServer

_FILL = """
SET session_replication_role = replica;
INSERT INTO people (id, email, email_key, created_at)
SELECT gen_random_uuid(), 'person' || n % 9 || '@firm.example', 'person' || n || '@key.example', now() FROM generate_series(1, 300) AS n;
INSERT INTO attendees (registration_id, person_id, full_name, organisation)
SELECT gen_random_uuid(), id, 'Name ' || left(email, 7), 'Firm ' || left(email, 7) FROM people;
ANALYZE;
"""
_SAMPLES = "SELECT tablename, attname, s::text AS text FROM pg_stats AS s WHERE schemaname = 'public'"


async def test_samples_that_the_planner_took_before_are_cleared(postgres_server: PostgresServer) -> None:
    dsn = await postgres_server.create_database()
    await migrate(dsn, package="services.registration", revision="0005")
    connection = await asyncpg.connect(dsn)
    await connection.execute(_FILL)
    before = {(row["tablename"], row["attname"]): row["text"] for row in await connection.fetch(_SAMPLES)}
    assert "person1@firm.example" in before["people", "email"]
    assert "Name person1" in before["attendees", "full_name"]
    await migrate(dsn, package="services.registration")
    after = {(row["tablename"], row["attname"]): row["text"] for row in await connection.fetch(_SAMPLES)}
    await connection.close()
    await postgres_server.drop_database(dsn)
    assert ("people", "created_at") in after, "only what names people is cleared"
    assert not [text for text in after.values() if any(word in text for word in ("@", "Name ", "Firm "))]
