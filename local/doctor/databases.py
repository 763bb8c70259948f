"""PostgreSQL: it answers, is new enough, lets each service do what it must and nothing else, has its schema and our time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg

from chassis.database import LOST
from chassis.discretion import describe
from chassis.roles import SERVICES
from chassis.schema_version import Standing, schema_version
from chassis.settings import database_name
from chassis.sql import load_queries
from chassis.starting import MOST_SKEW, skew_of
from local.doctor.findings import Finding, NotLooked, error, warning, well
from local.doctor.patient import Access, Patient

OLDEST = 18
TIMEOUT = 5.0
WORRYING_SKEW = timedelta(seconds=2)
_queries = load_queries("local.doctor")
_IDENTITIES = "docs/operations/identities.md"


async def postgresql(patient: Patient) -> AsyncIterator[Finding]:
    """PostgreSQL answers, lets every service into its database, and is version 18 or later."""
    refused: dict[tuple[str, str], list[str]] = {}
    for access in patient.databases():
        try:
            connection = await asyncpg.connect(access.url, timeout=TIMEOUT)
        except asyncpg.InvalidAuthorizationSpecificationError:
            refused.setdefault((access.place, access.user or "a user without a name"), []).append(access.service)
            continue
        except (*LOST, TimeoutError) as failure:
            yield _no_way_in(access, failure, patient)
            continue
        try:
            row = await _queries.server.fetchrow(connection)
        finally:
            await connection.close(timeout=TIMEOUT)
        assert row is not None  # noqa: S101 - a SELECT without FROM has one row
        yield _about_version(access, row)
    for (place, user), services in refused.items():
        yield error(
            f"PostgreSQL at {place} does not let in {user} (for {', '.join(services)})",
            meaning="processes end at their start with exit code 77",
            mend="check user and password in RENCONTRES_DATABASE_URL; python -m chassis.roles gives new passwords",
        )


async def roles(patient: Patient) -> AsyncIterator[Finding]:
    """Each service's role reads and writes its own rows, changes no schema, and enters no other service's database."""
    for access in patient.databases():
        async with _connected(access) as connection:
            server = await _queries.server.fetchrow(connection)
            lacking = [row["place"] for row in await _queries.rows_out_of_reach.fetch(connection)]
            others = [database_name(service) for service in SERVICES]
            liberties = [row["liberty"] for row in await _queries.liberties.fetch(connection, others)]
        if lacking:
            yield error(
                f"{access.service}: role {access.user} may not use {', '.join(lacking)}",
                meaning="the service ends at its start with exit code 77, or fails where it needs these rows",
                mend=f"{patient.migrating(access.service, as_owner=True)} ({_IDENTITIES})",
            )
        elif server is not None and server["administers"]:
            yield warning(
                f"{access.service}: role {access.user} administers the whole server",
                meaning="whoever takes over a process of this service has every database",
                mend=f"make roles with python -m chassis.roles and use rencontres_{access.service} ({_IDENTITIES})",
            )
        elif liberties:
            yield warning(
                f"{access.service}: role {access.user} may {', '.join(liberties)}",
                meaning="a service should not be able to do so, whoever takes it over",
                mend=f"{patient.migrating(access.service, as_owner=True)} ({_IDENTITIES})",
            )
        else:
            yield well(f"{access.service}: {access.user} has its own rows, and nothing else")


async def migrations(patient: Patient) -> AsyncIterator[Finding]:
    """Each database has the schema that this program knows: no migration is missing, none is newer."""
    for access in patient.databases():
        async with _connected(access) as connection:
            version = await schema_version(connection, package=f"services.{access.service}")
        match version.standing:
            case Standing.CURRENT:
                yield well(f"{access.service}: at {version.found}")
            case Standing.BEHIND:
                yield error(
                    f"{access.service}: its database is at {version.found or 'no migration'}, this program needs {version.known}",
                    meaning="processes of this version end at their start with exit code 65",
                    mend=patient.migrating(access.service),
                )
            case Standing.SERVING:
                yield warning(
                    f"{access.service}: its database is newer (at {version.found}) than this program (at {version.known}), and serves it still",
                    meaning="all works; it is meant for the time in which versions change",
                    mend="finish the upgrade: install the release that migrated it (docs/operations/upgrade.md)",
                )
            case Standing.NEWER:
                yield error(
                    f"{access.service}: its database is newer (at {version.found}) than this program (at {version.known})",
                    meaning="processes of this version end at their start with exit code 65",
                    mend="install the version that migrated it, or a later one",
                )


async def clock_of_database(patient: Patient) -> timedelta:
    """How far this machine is ahead of the database. Raises NotLooked."""
    for access in patient.databases():
        async with _connected(access) as connection:
            asked = datetime.now(UTC)
            row = await _queries.server.fetchrow(connection)
            answered = datetime.now(UTC)
            assert row is not None  # noqa: S101 - a SELECT without FROM has one row
            return skew_of(row["clock"], asked=asked, answered=answered)
    raise NotLooked("no database is known")


def about_skew(of: str, skew: timedelta) -> Finding:
    """What a difference of clocks means."""
    seconds = abs(skew.total_seconds())
    if abs(skew) <= WORRYING_SKEW:
        return well(f"{of}: less than {WORRYING_SKEW.total_seconds():g} s apart")
    say = error if abs(skew) > MOST_SKEW else warning
    return say(
        f"this machine's clock is {seconds:.0f} s {'ahead of' if skew > timedelta() else 'behind'} that of {of}",
        meaning=f"holds, offers and links end too early or too late; beyond {MOST_SKEW.total_seconds():.0f} s from the database processes "
        "end with exit code 71",
        mend="set the clocks of both machines by NTP: timedatectl set-ntp true",
    )


@asynccontextmanager
async def _connected(access: Access) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    try:
        connection = await asyncpg.connect(access.url, timeout=TIMEOUT, command_timeout=TIMEOUT)
    except (*LOST, TimeoutError) as failure:
        raise NotLooked(f"the database of {access.service} lets nobody look") from failure
    try:
        yield connection
    finally:
        await connection.close(timeout=TIMEOUT)


def _about_version(access: Access, row: asyncpg.Record) -> Finding:
    if row["version_number"] < OLDEST * 10_000:
        return error(
            f"PostgreSQL at {access.place} is version {row['version']}, older than {OLDEST}",
            meaning="statements of the services use what came with version 18, and fail",
            mend=f"upgrade that server to PostgreSQL {OLDEST} (pg_upgrade), or set RENCONTRES_DATABASE_URL to one that is",
        )
    return well(f"{access.service}: PostgreSQL {row['version'].split()[0]} at {access.place} as {row['role']}")


def _no_way_in(access: Access, failure: BaseException, patient: Patient) -> Finding:
    meaning = f"{access.service} ends at its start, and starts over until it can get in"
    match failure:
        case asyncpg.InvalidCatalogNameError():
            return error(
                f"PostgreSQL at {access.place} has no database for {access.service}",
                meaning=f"{access.service} ends at its start with exit code 65",
                mend=patient.migrating(access.service),
            )
        case asyncpg.InsufficientPrivilegeError():
            return error(
                f"{access.user} may not enter the database of {access.service}",
                meaning=f"{access.service} ends at its start with exit code 77",
                mend=f"{patient.migrating(access.service, as_owner=True)} ({_IDENTITIES})",
            )
        case asyncpg.TooManyConnectionsError():
            return error(
                f"PostgreSQL at {access.place} has no connection left",
                meaning=meaning,
                mend="raise max_connections there, or lower RENCONTRES_POOL_SIZE",
            )
        case _:
            return error(
                f"{access.service}: PostgreSQL does not answer at {access.place} ({describe(failure)})",
                meaning=meaning,
                mend="start it, open the way to it, or set RENCONTRES_DATABASE_URL to where it is",
            )
