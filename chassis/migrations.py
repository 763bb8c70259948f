"""Schema changes: Alembic keeps the order and the record, the changes themselves are plain SQL files beside their revision."""

from functools import partial
from importlib import resources
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
from alembic import command, op
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from chassis.database import CONNECT_TIMEOUT
from chassis.settings import database_dsn

_CHASSIS = Path(__file__).parent
_MIGRATION_LOCK = 0x52454E43


async def migrate(dsn: str, *, package: str, revision: str = "head") -> None:
    """Bring a service's database up to date, creating it if it is missing. Several processes may try at once: one works, the others wait.

    Raises:
        OSError, asyncpg.PostgresError: the server is out of reach or refuses.
        alembic.util.CommandError: the database is newer than this program.
    """
    await _ensure_database(dsn)
    # asyncpg reads the URL, as everywhere else: SQLAlchemy knows neither `sslmode` nor `postgres://`.
    connect = partial(asyncpg.connect, dsn, timeout=CONNECT_TIMEOUT)
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            await connection.run_sync(_upgrade, package, revision)
            await connection.execute(text((_CHASSIS / "schema" / "access.sql").read_text(encoding="utf-8")))
    finally:
        await engine.dispose()


def run_sql_beside(migration: str) -> None:
    """Run the `.sql` file that stands beside a revision file; called as `run_sql_beside(__file__)`."""
    _run_sql(Path(migration).with_suffix(".sql"))


def run_chassis_sql(name: str) -> None:
    """Run one of the chassis's own schemas: `outbox`, `inbox` or `retention`."""
    _run_sql(_CHASSIS / "schema" / f"{name}.sql")


def _run_sql(file: Path) -> None:
    script = file.read_text(encoding="utf-8")
    # asyncpg takes several statements at once only without parameters, hence the way past SQLAlchemy to the driver.
    op.get_bind().connection.dbapi_connection.run_async(lambda driver: driver.execute(script))  # type: ignore[union-attr]


async def _ensure_database(dsn: str) -> None:
    """Where it exists already, nothing else of the server is asked for: a service's role may have no right to more."""
    try:
        connection = await asyncpg.connect(dsn, timeout=CONNECT_TIMEOUT)
    except asyncpg.InvalidCatalogNameError:
        await _create_database(dsn)
    else:
        await connection.close()


async def _create_database(dsn: str) -> None:
    server = await asyncpg.connect(database_dsn(dsn, "postgres"), timeout=CONNECT_TIMEOUT)
    try:
        await server.execute(f'CREATE DATABASE "{unquote(urlsplit(dsn).path[1:])}"')
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        pass  # another process was faster
    finally:
        await server.close()


def _upgrade(connection: Connection, package: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_CHASSIS / "alembic"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(resources.files(package).joinpath("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
