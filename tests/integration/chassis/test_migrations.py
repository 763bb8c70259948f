"""Schema changes on a real server, of a service made up on the spot."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from chassis.exits import BadConfiguration, SchemaMismatch
from chassis.migrations import migrate, until_migrated
from chassis.schema_version import SchemaVersion, Standing, schema_version
from tests.fixtures.servers import PostgresServer

_REVISION = """
from chassis.migrations import run_chassis_sql, run_sql_beside
revision = "{revision}"
down_revision = {before!r}
oldest_program = {oldest!r}
def upgrade():
    {chassis}
    run_sql_beside(__file__)
"""


class MadeUpService:
    """A package with migrations."""

    def __init__(self, folder: Path) -> None:
        self.package = f"made_up_{uuid4().hex[:8]}"
        self._migrations = folder / self.package / "migrations"
        self._migrations.mkdir(parents=True)
        (folder / self.package / "__init__.py").touch()
        self._before: str | None = None

    def add(self, revision: str, sql: str, *, chassis: str = "pass", oldest: str | None = None) -> None:
        """Add a migration after those there are."""
        text = _REVISION.format(revision=revision, before=self._before, chassis=chassis, oldest=oldest)
        (self._migrations / f"{revision}_made_up.py").write_text(text)
        (self._migrations / f"{revision}_made_up.sql").write_text(sql)
        self._before = revision

    def forget(self, revision: str) -> None:
        """As a program of an older release, which never knew it."""
        for file in self._migrations.glob(f"{revision}_*"):
            file.unlink()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[MadeUpService]:
    sys.path.insert(0, str(tmp_path))
    yield MadeUpService(tmp_path)
    sys.path.remove(str(tmp_path))


@pytest.fixture
async def missing_dsn(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """DSN of a database that does not exist yet."""
    dsn = postgres_server.dsn(f"test_{uuid4().hex[:16]}")
    yield dsn
    await postgres_server.drop_database(dsn)


async def _value(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def _standing(dsn: str, service: MadeUpService) -> SchemaVersion:
    connection = await asyncpg.connect(dsn)
    try:
        return await schema_version(connection, package=service.package)
    finally:
        await connection.close()


async def test_a_missing_database_is_made_and_brought_up_to_date(service: MadeUpService, missing_dsn: str) -> None:
    service.add(
        "0001", "CREATE TABLE seats (n int); INSERT INTO seats VALUES (1);", chassis="run_chassis_sql('outbox')"
    )
    service.add("0002", "ALTER TABLE seats ADD taken boolean NOT NULL DEFAULT false; INSERT INTO seats VALUES (2);")
    await migrate(missing_dsn, package=service.package)

    assert await _value(missing_dsn, "SELECT count(*) FROM seats WHERE NOT taken") == 2
    assert await _value(missing_dsn, "SELECT count(*) FROM outbox") == 0
    assert await _value(missing_dsn, "SELECT version_num FROM alembic_version") == "0002"


@pytest.mark.parametrize("query", ["?sslmode=prefer", "?application_name=a/b"])
@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
async def test_a_url_that_processes_connect_with_does_for_migrations_too(
    service: MadeUpService, missing_dsn: str, scheme: str, query: str
) -> None:
    service.add("0001", "CREATE TABLE seats (n int);")
    await migrate(missing_dsn.replace("postgresql", scheme, 1) + query, package=service.package)

    assert await _value(missing_dsn, "SELECT count(*) FROM seats") == 0


async def test_a_role_that_may_open_its_own_database_only_is_enough(
    service: MadeUpService, missing_dsn: str, postgres_server: PostgresServer
) -> None:
    service.add("0001", "CREATE TABLE seats (n int);")
    name = urlsplit(missing_dsn).path[1:]
    server = await asyncpg.connect(postgres_server.url)
    try:
        await server.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'made-up' NOCREATEDB CONNECTION LIMIT 5")
        await server.execute(f"CREATE DATABASE {name} OWNER {name}")
        address = urlsplit(missing_dsn)
        own = address._replace(netloc=f"{name}:made-up@{address.hostname}:{address.port}").geturl()
        await migrate(own, package=service.package)
        assert await _value(own, "SELECT count(*) FROM seats") == 0
    finally:
        await server.execute(f"DROP DATABASE IF EXISTS {name}")
        await server.execute(f"DROP ROLE IF EXISTS {name}")
        await server.close()


async def test_repeating_changes_nothing_and_only_what_is_new_is_run(service: MadeUpService, missing_dsn: str) -> None:
    service.add("0001", "CREATE TABLE seats (n int); INSERT INTO seats VALUES (1);")
    await migrate(missing_dsn, package=service.package)
    await migrate(missing_dsn, package=service.package)
    service.add("0002", "INSERT INTO seats VALUES (2);")
    await migrate(missing_dsn, package=service.package)

    assert await _value(missing_dsn, "SELECT array_agg(n ORDER BY n) FROM seats") == [1, 2]


async def test_processes_that_start_together_do_it_once(service: MadeUpService, missing_dsn: str) -> None:
    service.add("0001", "CREATE TABLE seats (n int); INSERT INTO seats VALUES (1); SELECT pg_sleep(0.1);")
    await asyncio.gather(*(migrate(missing_dsn, package=service.package) for _ in range(4)))

    assert await _value(missing_dsn, "SELECT count(*) FROM seats") == 1


async def test_a_migration_that_fails_leaves_nothing_behind(service: MadeUpService, missing_dsn: str) -> None:
    service.add("0001", "CREATE TABLE seats (n int);")
    await migrate(missing_dsn, package=service.package)
    service.add("0002", "INSERT INTO seats VALUES (1); SELECT 1/0;")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(missing_dsn, package=service.package)

    assert await _value(missing_dsn, "SELECT count(*) FROM seats") == 0
    assert await _value(missing_dsn, "SELECT version_num FROM alembic_version") == "0001"


async def test_a_program_older_than_its_database_works_on_as_long_as_migrations_only_expand(
    service: MadeUpService, missing_dsn: str
) -> None:
    service.add("0001", "SELECT 1;")
    service.add("0002", "SELECT 1;")
    await migrate(missing_dsn, package=service.package)
    service.forget("0002")

    await migrate(missing_dsn, package=service.package)  # nothing to do
    await until_migrated(missing_dsn, package=service.package)
    assert await _standing(missing_dsn, service) == SchemaVersion(Standing.SERVING, "0002", "0001", "0001")
    assert await _value(missing_dsn, "SELECT version_num FROM alembic_version") == "0002"


async def test_a_program_older_than_what_its_database_serves_is_told_so(
    service: MadeUpService, missing_dsn: str
) -> None:
    service.add("0001", "SELECT 1;")
    service.add("0002", "SELECT 1;")
    service.add("0003", "SELECT 1;", oldest="0002")
    service.add("0004", "SELECT 1;")
    await migrate(missing_dsn, package=service.package)
    for newer in ("0004", "0003"):
        service.forget(newer)
        assert (await _standing(missing_dsn, service)).standing is Standing.SERVING
    service.forget("0002")

    for refuses in (migrate, until_migrated):
        with pytest.raises(SchemaMismatch, match=r"is newer \(at 0004\) and serves programs from 0002 on, .* at 0001"):
            await refuses(missing_dsn, package=service.package)


async def test_an_older_program_does_not_change_what_a_newer_one_wrote_down(
    service: MadeUpService, missing_dsn: str
) -> None:
    service.add("0001", "SELECT 1;")
    service.add("0002", "SELECT 1;", oldest="0001")
    await migrate(missing_dsn, package=service.package)
    service.add("0003", "SELECT 1;", oldest="0002")
    await migrate(missing_dsn, package=service.package)
    service.forget("0003")
    await migrate(missing_dsn, package=service.package)

    assert await _value(missing_dsn, "SELECT array_agg(revision) FROM oldest_program") == ["0002"]


async def test_a_process_waits_until_another_has_brought_the_database_to_its_release(
    service: MadeUpService, missing_dsn: str
) -> None:
    service.add("0001", "SELECT 1;")
    waiting = asyncio.create_task(until_migrated(missing_dsn, package=service.package, look_every=0.01))
    await asyncio.wait({waiting}, timeout=0.1)
    assert not waiting.done()  # no database
    await migrate(missing_dsn, package=service.package)
    await asyncio.wait_for(waiting, timeout=10)

    service.add("0002", "SELECT 1;")
    waiting = asyncio.create_task(until_migrated(missing_dsn, package=service.package, look_every=0.01))
    await asyncio.wait({waiting}, timeout=0.1)
    assert not waiting.done()  # an older one
    await migrate(missing_dsn, package=service.package)
    await asyncio.wait_for(waiting, timeout=10)


async def test_who_waits_is_told_what_waiting_does_not_mend(
    service: MadeUpService, missing_dsn: str, tmp_path: Path
) -> None:
    service.add("0001", "SELECT 1;")
    address = urlsplit(missing_dsn)
    guessed = address._replace(netloc=f"nobody:guessed@{address.hostname}:{address.port}").geturl()
    nowhere = f"sslmode=verify-full&sslrootcert={tmp_path / 'nowhere.pem'}"
    for dsn, error, said in (
        (guessed, asyncpg.InvalidAuthorizationSpecificationError, "nobody"),
        (f"{missing_dsn}?sslmode=verify_fully", BadConfiguration, "RENCONTRES_DATABASE_URL cannot be used: .*sslmode"),
        (f"{missing_dsn}?sslmode=require", BadConfiguration, "has no TLS, and sslmode in RENCONTRES_DATABASE_URL asks"),
        (f"{missing_dsn}?{nowhere}", BadConfiguration, "sslrootcert of RENCONTRES_DATABASE_URL: .*nowhere.pem cannot"),
    ):
        for does in (until_migrated, migrate):
            with pytest.raises(error, match=said):
                await asyncio.wait_for(does(dsn, package=service.package), timeout=10)


async def test_who_waits_may_not_enter_and_is_told_so(
    service: MadeUpService, missing_dsn: str, postgres_server: PostgresServer
) -> None:
    service.add("0001", "SELECT 1;")
    await migrate(missing_dsn, package=service.package)
    name = urlsplit(missing_dsn).path[1:]
    server = await asyncpg.connect(postgres_server.url)
    try:
        await server.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'made-up'")
        await server.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
        address = urlsplit(missing_dsn)
        own = address._replace(netloc=f"{name}:made-up@{address.hostname}:{address.port}").geturl()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncio.wait_for(until_migrated(own, package=service.package), timeout=10)
    finally:
        await server.execute(f"DROP ROLE IF EXISTS {name}")
        await server.close()


async def test_the_event_log_has_its_months_and_takes_what_no_month_takes(
    missing_dsn: str, service: MadeUpService
) -> None:
    service.add("0001", "SELECT 1;", chassis="run_chassis_sql('outbox')")
    await migrate(missing_dsn, package=service.package)
    months = await _value(missing_dsn, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'event_log'::regclass")

    assert months == 5  # this one, three ahead, and the default
    await _value(
        missing_dsn,
        "INSERT INTO event_log VALUES (1, '1999-01-01', gen_random_uuid(), 't', gen_random_uuid(), 's', '{}', '{}') RETURNING 1",
    )
    assert await _value(missing_dsn, "SELECT count(*) FROM event_log_default") == 1


async def test_months_are_those_of_utc_and_one_that_was_begun_elsewhere_stops_nobody(
    missing_dsn: str, service: MadeUpService
) -> None:
    service.add("0001", "SELECT 1;", chassis="run_chassis_sql('outbox')")
    await migrate(missing_dsn, package=service.package)
    connection = await asyncpg.connect(missing_dsn, server_settings={"timezone": "America/Martinique"})
    try:
        await connection.execute(
            """INSERT INTO event_log SELECT 1, date_trunc('month', now(), 'UTC') + interval '5 months', gen_random_uuid(), 't',
                                            gen_random_uuid(), 's', '{}', '{}'"""
        )
        await connection.execute("SELECT ensure_event_log_months(6)")
        await connection.execute("SET timezone TO 'UTC'")
        bounds = await connection.fetch(
            """SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class
               WHERE relispartition AND relkind = 'r' AND relname <> 'event_log_default'"""
        )
    finally:
        await connection.close()

    assert len(bounds) == 6  # this one and six ahead, but for the one that was begun
    assert all(row["bound"].count("-01 00:00:00+00") == 2 for row in bounds)
