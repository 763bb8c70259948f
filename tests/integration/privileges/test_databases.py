"""What each role may do on PostgreSQL: enter one database, and there change rows or tables, not both."""

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from chassis.migrations import migrate
from chassis.roles import OWNER, SERVICES, role_names
from chassis.sql import Query, load_queries
from tests.fixtures.servers import PostgresServer
from tests.integration.privileges.conftest import Databases

_MADE_BY_OWNERS = ("note_oldest_program", "drop_", "start_rebuilt_set", "put_rebuilt_set_in_place", "statements_for_")
"""Queries of `rebuild` and `chassis.roles`, which do not run as the service."""

REFUSED = asyncpg.InsufficientPrivilegeError


@pytest.mark.parametrize("into", SERVICES)
@pytest.mark.parametrize("role", role_names())
async def test_a_role_enters_the_database_of_its_service_and_no_other(
    databases: Databases, role: str, into: str
) -> None:
    if role.removesuffix(OWNER) == into:
        async with _connected(databases.dsn(role, into=into)) as connection:
            assert await connection.fetchval("SELECT current_database()") == databases.name(into)
    else:
        with pytest.raises(REFUSED):
            async with _connected(databases.dsn(role, into=into)):
                pass


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (n int)",
        "CREATE SCHEMA mine",
        "CREATE TEMPORARY TABLE mine (n int)",
        "ALTER TABLE event_log DISABLE TRIGGER insert_only",
        "DROP TABLE registrations",
        "TRUNCATE event_log",
        "UPDATE alembic_version SET version_num = '0001'",
        "UPDATE oldest_program SET revision = '0001'",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "COPY people TO PROGRAM 'cat'",
        "CREATE OR REPLACE FUNCTION ensure_event_log_months(integer) RETURNS void LANGUAGE sql AS ''",
    ],
)
async def test_who_runs_a_service_changes_no_table(databases: Databases, statement: str) -> None:
    async with _as_the_service(databases, "registration") as connection:
        with pytest.raises(REFUSED):
            await connection.execute(statement)


@pytest.mark.parametrize("service", SERVICES)
async def test_who_runs_a_service_may_run_all_of_its_queries(databases: Databases, service: str) -> None:
    async with _as_the_service(databases, service) as connection:
        if service == "analytics":
            await connection.execute("SET search_path TO live")
        refused = [query.name for query in _queries_of(service) if not await _is_allowed(connection, query)]
        assert not await _is_allowed(connection, Query("not_its", "", "DELETE FROM public.alembic_version"))
    assert refused == []


async def test_the_event_log_takes_new_rows_only(databases: Databases) -> None:
    async with _as_the_service(databases, "registration") as connection:
        await connection.execute(
            """INSERT INTO event_log (position, recorded_at, id, type, aggregate_id, subject, headers, body)
               VALUES (nextval('event_position'), now(), $1, 't', $1, 's', '{}', '{}')""",
            uuid4(),
        )
        partition = await connection.fetchval("SELECT tableoid::regclass::text FROM event_log LIMIT 1")
        for table in ("event_log", partition):
            for statement in (f"UPDATE {table} SET body = '[]'", f"DELETE FROM {table}"):
                with pytest.raises(REFUSED, match="insert-only"):
                    await connection.execute(statement)
        assert await connection.fetchval("SELECT count(*) FROM event_log WHERE body = '{}'") >= 1


async def test_the_relay_makes_months_although_it_may_make_no_table(databases: Databases) -> None:
    async with _as_the_service(databases, "registration") as connection:
        months = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'event_log'::regclass"
        before = await connection.fetchval(months)
        await connection.execute("SELECT ensure_event_log_months(9)")
        assert await connection.fetchval(months) > before


async def test_reports_are_written_after_a_rebuild_as_before(databases: Databases) -> None:
    async with _connected(databases.dsn(f"analytics{OWNER}", into="analytics")) as owner:
        await owner.execute("SELECT start_rebuilt_set()")
        async with owner.transaction():
            await owner.execute("SELECT put_rebuilt_set_in_place('old_1')")
        await owner.execute("SELECT drop_old_sets()")
    async with _as_the_service(databases, "analytics") as connection:
        await connection.execute("INSERT INTO live.checkpoint (last_event_at, applied_at) VALUES (now(), now())")
        assert await connection.fetchval("SELECT count(*) FROM live.checkpoint") == 1


async def test_roles_are_brought_to_new_passwords(databases: Databases) -> None:
    before = databases.dsn("notifications", into="notifications")
    databases.passwords["notifications"] = "another"
    await databases.make("notifications")

    async with _as_the_service(databases, "notifications") as connection:
        assert await connection.fetchval("SELECT 1") == 1
    with pytest.raises(asyncpg.InvalidPasswordError):
        async with _connected(before):
            pass


async def test_what_one_role_made_for_all_is_adopted(databases: Databases, postgres_server: PostgresServer) -> None:
    """An installation in which a single URL served every process is brought to roles without losing anything."""
    one = Databases(postgres_server, f"test_{uuid4().hex[:8]}", databases.passwords)
    names = ("registration", "analytics")
    try:
        for service in names:
            await migrate(postgres_server.dsn(one.name(service)), package=f"services.{service}")
            await one.make(service)
            await migrate(one.dsn(f"{service}{OWNER}", into=service), package=f"services.{service}")
        async with _as_the_service(one, "registration") as connection:
            refused = [q.name for q in _queries_of("registration") if not await _is_allowed(connection, q)]
            assert refused == []
        async with _connected(one.dsn(f"registration{OWNER}", into="registration")) as owner:
            await owner.execute("ALTER TABLE registrations ADD COLUMN seen boolean")
        async with _connected(one.dsn(f"analytics{OWNER}", into="analytics")) as owner:
            await owner.execute("SELECT start_rebuilt_set()")
    finally:
        for service in names:
            await one.remove(service)


def test_a_missing_password_is_named() -> None:
    environment = {
        "RENCONTRES_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/postgres",
        "RENCONTRES_ROLE_PASSWORDS__REGISTRATION": "made-up",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "chassis.roles"], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 64
    assert "RENCONTRES_ROLE_PASSWORDS__REGISTRATION_OWNER" in ended.stderr
    assert "RENCONTRES_ROLE_PASSWORDS__REGISTRATION," not in ended.stderr


def _queries_of(service: str) -> list[Query]:
    packages = [f"services.{service}", *(["chassis"] if service == "registration" else [])]
    found = [query for package in packages for query in load_queries(package)]
    return [query for query in found if not query.name.startswith(_MADE_BY_OWNERS) and "rebuilt" not in query.text]


async def _is_allowed(connection: "asyncpg.Connection[asyncpg.Record]", query: Query) -> bool:
    """Privileges are looked at when a statement is about to run, which explaining it does."""
    try:
        await connection.execute(f"EXPLAIN (GENERIC_PLAN) {query.text}")
    except REFUSED:
        return False
    except asyncpg.UndefinedTableError:  # the chassis's queries for what this service has no table for
        return query.name in {each.name for each in load_queries("chassis")}
    return True


@asynccontextmanager
async def _as_the_service(databases: Databases, service: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    async with _connected(databases.dsn(service, into=service)) as connection:
        yield connection


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()
