"""A database that has been in use is brought up to date with what stands in it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from chassis.migrations import migrate
from tests.fixtures.servers import PostgresServer

_BEFORE_ROOMS = "0002"
_PEOPLE = """
SET session_replication_role = replica;
INSERT INTO people (id, email, email_key, created_at)
SELECT gen_random_uuid(), 'person' || n % 9 || '@firm.example', 'person' || n || '@key.example', now() FROM generate_series(1, 300) AS n;
INSERT INTO attendees (registration_id, person_id, full_name) SELECT gen_random_uuid(), id, 'Name ' || left(email, 7) FROM people;
ANALYZE;
"""
_SAMPLES = "SELECT tablename, attname, s::text AS text FROM pg_stats AS s WHERE schemaname = 'public'"
_FULL_MEETUPS = """
INSERT INTO meetups (id, version, slug, status, territory, title, description, format, attendance_mode, timezone, starts_local, ends_local,
                     closes_local, starts_at, ends_at, closes_at, venue_name, venue_address, capacity, overbooking_percent, seats_taken,
                     waiting_count, next_waiting_number, calendar_sequence, demo, created_at, changed_at)
SELECT gen_random_uuid(), 1, mode, 'published', '974', 'Devis à l’oral', '', 'talk', mode, 'Indian/Reunion', '2027-01-12 18:00', '2027-01-12 20:00',
       '2027-01-12 18:00', '2027-01-12 14:00Z', '2027-01-12 16:00Z', '2027-01-12 14:00Z', 'Nef', 'Le Port', 2, 50, 3,
       1, 8, 0, false, now(), now()
FROM unnest(ARRAY['onsite', 'online', 'hybrid']) AS mode;
INSERT INTO registrations (id, version, reference, meetup_id, person_id, status, headcount, locale, waiting_number, registered_at, changed_at)
SELECT gen_random_uuid(), 1, m.slug || s.status, m.id, gen_random_uuid(), s.status, '1-9', 'fr', s.number, now(), now()
FROM meetups AS m, (VALUES ('confirmed', NULL), ('waitlisted', 7)) AS s(status, number);
"""
_ROOMS = """
SELECT m.slug, r.mode, r.seats_allowed, r.seats_taken, r.waiting_count, r.next_waiting_number,
       (SELECT count(*) FROM registrations AS g WHERE g.meetup_id = r.meetup_id AND g.mode = r.mode) AS registrations
FROM rooms AS r JOIN meetups AS m ON m.id = r.meetup_id
"""


@pytest.fixture
async def old(postgres_server: PostgresServer) -> AsyncIterator[tuple[str, asyncpg.Connection]]:
    """A database as it was before meetups had rooms, and a connection to it."""
    dsn = await postgres_server.create_database()
    await migrate(dsn, package="services.registration", revision=_BEFORE_ROOMS)
    connection = await asyncpg.connect(dsn)
    yield dsn, connection
    await connection.close()
    await postgres_server.drop_database(dsn)


async def test_seats_and_waiting_lists_of_before_move_into_rooms(old: tuple[str, asyncpg.Connection]) -> None:
    dsn, connection = old
    await connection.execute(_FULL_MEETUPS)
    await migrate(dsn, package="services.registration")
    assert {tuple(row) for row in await connection.fetch(_ROOMS)} == {
        ("onsite", "onsite", 3, 3, 1, 8, 2),
        ("online", "online", 3, 3, 1, 8, 2),
        ("hybrid", "onsite", 3, 3, 1, 8, 2),
        ("hybrid", "online", 3, 0, 0, 1, 0),
    }


async def test_samples_that_the_planner_took_before_are_cleared(old: tuple[str, asyncpg.Connection]) -> None:
    dsn, connection = old
    await connection.execute(_PEOPLE)
    before = {(row["tablename"], row["attname"]): row["text"] for row in await connection.fetch(_SAMPLES)}
    assert "person1@firm.example" in before["people", "email"]
    assert "Name person1" in before["attendees", "full_name"]
    await migrate(dsn, package="services.registration")
    after = {(row["tablename"], row["attname"]): row["text"] for row in await connection.fetch(_SAMPLES)}
    assert ("people", "created_at") in after, "only what names people is cleared"
    assert not [text for text in after.values() if any(word in text for word in ("@", "Name "))]
