"""Schema changes: Alembic keeps the order and the record, the changes themselves are plain SQL files beside their revision.

A migration that programs of an older release cannot work with says from which one on they can: `oldest_program = "0007"`, the newest
migration that such a program knows. Without it a migration only expands, and whoever worked before works on.
"""

import asyncio
from functools import partial
from importlib import resources
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
import structlog
from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from chassis.database import AWAY, CONNECT_TIMEOUT
from chassis.database_entry import entering, require_version
from chassis.schema_version import SchemaVersion, Standing, schema_version
from chassis.settings import database_dsn
from chassis.sql import load_queries

_CHASSIS = Path(__file__).parent
_MIGRATION_LOCK = 0x52454E43
LOOK_EVERY = 1.0

_queries = load_queries("chassis")
_log = structlog.get_logger(__name__)


async def migrate(dsn: str, *, package: str, revision: str = "head") -> None:
    """Bring a service's database up to date, creating it if it is missing. Several processes may try at once: one works, the others wait.

    A newer database that still serves this program is left as it is.

    Raises:
        OSError, asyncpg.PostgresError: the server is out of reach or refuses.
        BadConfiguration: its URL cannot be used, or the server is too old.
        SchemaMismatch: the database is too new for this program.
    """
    await _ensure_database(dsn)
    # asyncpg reads the URL, as everywhere else: SQLAlchemy knows neither `sslmode` nor `postgres://`.
    connect = partial(asyncpg.connect, dsn, timeout=CONNECT_TIMEOUT)
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            driver = await _driver(connection)
            require_version(driver)
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            version = await schema_version(driver, package=package)
            if version.standing in {Standing.SERVING, Standing.NEWER}:
                version.require(package)
                return
            oldest = await connection.run_sync(_upgrade, package, revision)
            await driver.execute(_schema("oldest_program"))
            await _queries.note_oldest_program.execute(driver, oldest)
            await driver.execute(_schema("access"))
    finally:
        await engine.dispose()


async def run(dsn: str, *, package: str, wait: bool) -> None:
    """What the command `migrate` does, with and without `--wait`."""
    await (until_migrated(dsn, package=package) if wait else migrate(dsn, package=package))


async def until_migrated(dsn: str, *, package: str, look_every: float = LOOK_EVERY) -> None:
    """Return once the database can serve this program, because somebody else has migrated it, however long that takes. Changes nothing.

    Raises:
        SchemaMismatch: the database is too new for this program.
        BadConfiguration, asyncpg.PostgresError: the server refuses, which waiting does not mend.
    """
    is_said = False
    while (there := await _version(dsn, package)) is None or there.standing is Standing.BEHIND:
        if not is_said:
            _log.info("waiting for the migration", there=there.found if there else None)
            is_said = True
        await asyncio.sleep(look_every)
    there.require(package)


async def _version(dsn: str, package: str) -> SchemaVersion | None:
    """Where the database stands; None while it is away or missing."""
    try:
        connection = await _connect(dsn)
    except (*AWAY, asyncpg.InvalidCatalogNameError):
        return None
    try:
        return await schema_version(connection, package=package)
    except AWAY:
        return None
    finally:
        await connection.close(timeout=CONNECT_TIMEOUT)


async def _connect(dsn: str) -> "asyncpg.Connection[asyncpg.Record]":
    with entering(dsn):
        return await asyncpg.connect(dsn, timeout=CONNECT_TIMEOUT)


async def _driver(connection: AsyncConnection) -> "asyncpg.Connection[asyncpg.Record]":
    """Return the connection of asyncpg itself, in the same transaction: it takes several statements at once, and our queries."""
    driver = (await connection.get_raw_connection()).driver_connection
    assert isinstance(driver, asyncpg.Connection)  # noqa: S101 - what the engine was given
    return driver


def run_sql_beside(migration: str) -> None:
    """Run the `.sql` file that stands beside a revision file; called as `run_sql_beside(__file__)`."""
    _run_sql(Path(migration).with_suffix(".sql").read_text(encoding="utf-8"))


def run_chassis_sql(name: str) -> None:
    """Run one of the chassis's own schemas: `outbox`, `inbox` or `retention`."""
    _run_sql(_schema(name))


def _run_sql(script: str) -> None:
    # asyncpg takes several statements at once only without parameters, hence the way past SQLAlchemy to the driver.
    op.get_bind().connection.dbapi_connection.run_async(lambda driver: driver.execute(script))  # type: ignore[union-attr]


async def _ensure_database(dsn: str) -> None:
    """Where it exists already, nothing else of the server is asked for: a service's role may have no right to more."""
    try:
        connection = await _connect(dsn)
    except asyncpg.InvalidCatalogNameError:
        await _create_database(dsn)
    else:
        await connection.close()


async def _create_database(dsn: str) -> None:
    server = await _connect(database_dsn(dsn, "postgres"))
    try:
        await server.execute(f'CREATE DATABASE "{unquote(urlsplit(dsn).path[1:])}"')
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        pass  # another process was faster
    finally:
        await server.close()


def _upgrade(connection: Connection, package: str, revision: str) -> str:
    """Run what is missing; returns the oldest program that the schema serves afterwards."""
    config = _config(package)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    return _oldest_program(ScriptDirectory.from_config(config), revision)


def _oldest_program(script: ScriptDirectory, revision: str) -> str:
    """What the newest migration that says anything says; the first one when none does, for then all of them only expand."""
    migration = None
    for migration in script.iterate_revisions(revision, "base"):
        if (oldest := getattr(migration.module, "oldest_program", None)) is not None:
            return str(oldest)
    assert migration is not None  # noqa: S101 - a service has migrations
    return str(migration.revision)


def _schema(name: str) -> str:
    return (_CHASSIS / "schema" / f"{name}.sql").read_text(encoding="utf-8")


def _config(package: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_CHASSIS / "alembic"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(resources.files(package).joinpath("migrations")))
    return config
