"""Schema changes: Alembic keeps the order and the record, the changes themselves are plain SQL files beside their revision."""

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
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from chassis.database import CONNECT_TIMEOUT, LOST
from chassis.settings import database_dsn

_CHASSIS = Path(__file__).parent
_MIGRATION_LOCK = 0x52454E43
LOOK_EVERY = 1.0

_log = structlog.get_logger(__name__)


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


async def run(dsn: str, *, package: str, wait: bool) -> None:
    """What the command `migrate` does, with and without `--wait`."""
    await (until_migrated(dsn, package=package) if wait else migrate(dsn, package=package))


async def until_migrated(dsn: str, *, package: str, look_every: float = LOOK_EVERY) -> None:
    """Return once somebody else has brought the database to this program's release, however long that takes. Changes nothing.

    Raises:
        alembic.util.CommandError: the database is newer than this program.
    """
    script = ScriptDirectory.from_config(_config(package))
    wanted = set(script.get_heads())
    is_said = False
    while (there := await _revisions(dsn)) != wanted:
        for revision in there:
            script.get_revision(revision)  # unknown here: it will not become older
        if not is_said:
            _log.info("waiting for the migration", wanted=sorted(wanted), there=sorted(there))
            is_said = True
        await asyncio.sleep(look_every)


async def _revisions(dsn: str) -> set[str]:
    """What the database says it has; nothing while it is away, missing or empty."""
    try:
        connection = await asyncpg.connect(dsn, timeout=CONNECT_TIMEOUT)
    except (*LOST, TimeoutError):
        return set()
    try:
        return {row["version_num"] for row in await connection.fetch("SELECT version_num FROM alembic_version")}
    except (*LOST, TimeoutError):
        return set()
    finally:
        await connection.close(timeout=CONNECT_TIMEOUT)


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
    config = _config(package)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config(package: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_CHASSIS / "alembic"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(resources.files(package).joinpath("migrations")))
    return config
