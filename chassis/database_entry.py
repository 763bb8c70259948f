"""The way into PostgreSQL: what in its URL, its certificate or its version bars it for good, said apart from a server that is away.

asyncpg says all of it with errors that a server which does not answer has, too: who waits for one would wait for ever.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from chassis.exits import BadConfiguration

OLDEST = 18
"""Older servers know neither `RETURNING old.*` nor the limits that every connection asks for."""

_URL = "RENCONTRES_DATABASE_URL"
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")


@contextmanager
def entering(dsn: str) -> Iterator[None]:
    """Connect inside. Raises BadConfiguration for what waiting does not mend, and lets everything else pass."""
    where = place_of(dsn)
    try:
        yield
    except asyncpg.ClientConfigurationError as error:
        said, _, _ = str(error).partition("\n")  # a hint may follow
        raise BadConfiguration(f"{_URL} cannot be used: {said}") from error
    except asyncpg.UndefinedObjectError as error:
        raise BadConfiguration(_too_old(f"at {where}")) from error
    except ssl.SSLCertVerificationError as error:
        raise BadConfiguration(
            f"the certificate of PostgreSQL at {where} is not believed ({error.verify_message.rstrip('.')}): "
            f"name its authority by sslrootcert in {_URL}, and the server by a name that its certificate holds"
        ) from error
    except OSError as error:
        if (fault := _unreadable_file(dsn)) is not None:
            raise BadConfiguration(fault) from error
        if "rejected SSL upgrade" in str(error):
            raise BadConfiguration(
                f"PostgreSQL at {where} has no TLS, and sslmode in {_URL} asks for it: give the server a certificate, or change sslmode"
            ) from error
        raise


def require_version(connection: "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]") -> None:
    """Return when the server is new enough. Raises BadConfiguration."""
    found = connection.get_server_version()
    if found.major < OLDEST:
        raise BadConfiguration(_too_old(f"{found.major}.{found.minor}"))


def place_of(dsn: str) -> str:
    """Where the server is, without user and password."""
    return urlsplit(dsn).netloc.rpartition("@")[2]


def _too_old(what: str) -> str:
    return f"PostgreSQL {what} is older than version {OLDEST}: upgrade that server, or let {_URL} name another"


def _unreadable_file(dsn: str) -> str | None:
    named = parse_qs(urlsplit(dsn).query)
    for parameter in _FILES:
        for path in named.get(parameter, []):
            try:
                _read(parameter, path)
            except OSError as error:
                return f"{parameter} of {_URL}: {path} cannot be read: {error.strerror}"
    return None


def _read(parameter: str, path: str) -> None:
    if parameter == "sslrootcert":
        ssl.create_default_context(cafile=path)
    else:
        Path(path).read_bytes()
