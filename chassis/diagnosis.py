"""What an error at the start of a process means: its exit code, and one line that says what is wrong and what to do, without secrets."""

from dataclasses import dataclass

import asyncpg
from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsError

from chassis.exits import BadConfiguration, ClockSkewed, DiskFull, Exit, NotAllowed, SchemaMismatch, StreamDiffers
from chassis.serving import PortTaken

_KNOWN: tuple[tuple[type[Exception], Exit], ...] = (
    (BadConfiguration, Exit.CONFIGURATION),
    (SettingsError, Exit.CONFIGURATION),
    (PortTaken, Exit.PORT_TAKEN),
    (NotAllowed, Exit.REFUSED),
    (SchemaMismatch, Exit.SCHEMA),
    (StreamDiffers, Exit.STREAM),
    (ClockSkewed, Exit.CLOCK),
    (DiskFull, Exit.DISK_FULL),
)
_OF_POSTGRES: tuple[tuple[type[Exception], Exit, str], ...] = (
    (
        asyncpg.InvalidAuthorizationSpecificationError,  # a wrong password, too
        Exit.REFUSED,
        "PostgreSQL does not let this user in: check user and password in RENCONTRES_DATABASE_URL",
    ),
    (
        asyncpg.InsufficientPrivilegeError,
        Exit.REFUSED,
        "PostgreSQL refuses this role what it needs: `migrate` as the owner of the database grants it, see docs/operations/identities.md",
    ),
    (
        asyncpg.InvalidCatalogNameError,
        Exit.SCHEMA,
        "its database does not exist yet: run its `migrate`, see docs/operations/identities.md",
    ),
    (
        asyncpg.DiskFullError,
        Exit.DISK_FULL,
        "the disk of PostgreSQL is full: make room there, or give it a larger one",
    ),
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line, and the exit code that belongs to it."""

    exit: Exit
    line: str


def diagnose(error: BaseException, *, has_started: bool = False) -> Diagnosis | None:
    """Return what a foreseen error means; None for any other. Once a process has started, a database in trouble is one it lost."""
    if isinstance(error, ValidationError) and error.title in _settings_names(BaseSettings):
        return Diagnosis(Exit.CONFIGURATION, "; ".join(faults_of_settings(error)))
    for kind, code in _KNOWN:
        if isinstance(error, kind):
            return Diagnosis(code, str(error))
    if has_started:
        return None
    for kind, code, line in _OF_POSTGRES:
        if isinstance(error, kind):
            return Diagnosis(code, line)
    return None


def faults_of_settings(error: ValidationError) -> list[str]:
    """One line a variable that cannot be used, without its value."""
    return [
        f"set {variable_of(part['loc'])}: {part['msg'][:1].lower()}{part['msg'][1:]}"
        for part in error.errors(include_input=False, include_url=False, include_context=False)
    ]


def variable_of(location: tuple[int | str, ...]) -> str:
    """The environment variable behind a field: what is nested stands behind two underscores."""
    return "RENCONTRES_" + "__".join(str(part) for part in location).upper()


def _settings_names(root: type[BaseSettings]) -> set[str]:
    return {root.__name__}.union(*(_settings_names(kind) for kind in root.__subclasses__()))
