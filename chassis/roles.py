"""`python -m chassis.roles`: the databases of the services and two roles for each, made by the administrator of a PostgreSQL server.

`rencontres_<service>_owner` owns the database and changes its schema (`migrate`); `rencontres_<service>` runs the service: rows only.
Neither enters another service's database. Harmless to repeat: passwords become those given, what another role made is adopted.
Where an operator declares roles and databases (CloudNativePG, a managed server) by these names, nothing of this is needed.
"""

import asyncio
import sys
from collections.abc import Mapping
from typing import Annotated

import asyncpg
from pydantic import Field, PostgresDsn, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.database import CONNECT_TIMEOUT
from chassis.exits import Exit
from chassis.settings import database_dsn, database_name
from chassis.sql import Query, load_queries

SERVICES = ("registration", "notifications", "analytics")
OWNER = "_owner"

_queries = load_queries("chassis")


class RoleSettings(BaseSettings):
    """The administrator's URL, and `RENCONTRES_ROLE_PASSWORDS__REGISTRATION`, `…__REGISTRATION_OWNER` and so on."""

    # Whoever prints the error prints no value: URLs hold passwords, and one with an unescaped `/` or `#` in it is an error.
    model_config = SettingsConfigDict(
        env_prefix="RENCONTRES_", env_nested_delimiter="__", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: Annotated[PostgresDsn, Field(description="PostgreSQL server, as its administrator")]
    role_passwords: Annotated[Mapping[str, SecretStr], Field(description="of `<service>` and `<service>_owner`")] = {}


def role_names() -> tuple[str, ...]:
    """Return the keys of the passwords: both roles of each service."""
    return tuple(f"{service}{kind}" for service in SERVICES for kind in ("", OWNER))


async def make_roles(server_url: str, *, database: str, owner_password: str, user_password: str) -> None:
    """Make owner, user and database. Raises OSError, asyncpg.PostgresError."""
    await _run(server_url, _queries.statements_for_roles, database, owner_password, user_password)
    await _run(database_dsn(server_url, database), _queries.statements_for_adoption, f"{database}{OWNER}")


async def _run(url: str, query: Query, *arguments: str) -> None:
    connection = await asyncpg.connect(url, timeout=CONNECT_TIMEOUT)
    try:
        for row in await query.fetch(connection, *arguments):
            await connection.execute(row["statement"])
    finally:
        await connection.close()


async def main() -> Exit:
    """Make all of them."""
    settings = RoleSettings()
    if missing := [name for name in role_names() if not settings.role_passwords.get(name)]:
        sys.stderr.write("set " + ", ".join(f"RENCONTRES_ROLE_PASSWORDS__{name.upper()}" for name in missing) + "\n")
        return Exit.CONFIGURATION
    for service in SERVICES:
        await make_roles(
            str(settings.database_url),
            database=database_name(service),
            owner_password=settings.role_passwords[f"{service}{OWNER}"].get_secret_value(),
            user_password=settings.role_passwords[service].get_secret_value(),
        )
    return Exit.STOPPED


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
