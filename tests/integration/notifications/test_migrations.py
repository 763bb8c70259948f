"""A database that has been in use is brought up to date with what stands in it."""

from datetime import UTC, datetime

import asyncpg
import pytest

from chassis.migrations import migrate
from tests.fixtures.notifying import meetup, named
from tests.fixtures.servers import PostgresServer


async def test_copies_of_before_have_what_reminders_ask_for(postgres_server: PostgresServer) -> None:
    dsn = await postgres_server.create_database()
    await migrate(dsn, package="services.notifications", revision="0001")
    connection = await asyncpg.connect(dsn)
    state = meetup()
    before = datetime.now(UTC)
    await connection.execute(
        "INSERT INTO meetups (meetup_id, version, state) VALUES ($1, 1, $2)", state.meetup_id, state.model_dump_json()
    )
    for who, status, sequence in (("zaina", "confirmed", 0), ("ali", "held", None)):
        await connection.execute(
            "INSERT INTO registrations (registration_id, version, meetup_id, person_id, status, locale, reference, calendar_sequence)"
            " VALUES ($1, 1, $2, $1, $3, 'fr', $4, $5)",
            *(named(who), state.meetup_id, status, who.upper(), sequence),
        )
    await migrate(dsn, package="services.notifications")
    row = await connection.fetchrow("SELECT starts_at, scheduled_at FROM meetups")
    assert row is not None
    assert (row["starts_at"], row["scheduled_at"]) == (state.starts_at, state.changed_at)
    ali, zaina = await connection.fetch("SELECT confirmed_at FROM registrations ORDER BY reference")
    assert ali["confirmed_at"] is None
    assert zaina["confirmed_at"] >= before
    await connection.close()
    await postgres_server.drop_database(dsn)


@pytest.mark.parametrize(
    ("kind", "facts"), [("reminder", "{}"), ("registration_links", "{}"), ("seat_confirmed", "{}"), ("birthday", "{}")]
)
async def test_a_mail_about_nothing_cannot_be_owed(postgres_server: PostgresServer, kind: str, facts: str) -> None:
    dsn = await postgres_server.create_database()
    await migrate(dsn, package="services.notifications")
    connection = await asyncpg.connect(dsn)
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute(
            "INSERT INTO deliveries (id, event_id, kind, recipient_kind, recipient_id, facts, trace, created_at, due_at)"
            " VALUES ($1, $1, $2, 'person', $1, $3, '{}', now(), now())",
            *(named(kind), kind, facts),
        )
    await connection.close()
    await postgres_server.drop_database(dsn)
