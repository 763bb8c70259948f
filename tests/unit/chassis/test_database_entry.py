"""A way into PostgreSQL that is barred for good is not taken for a server that is away."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import asyncpg
import pytest

from chassis.database import Connection, Database
from chassis.database_entry import entering, require_version
from chassis.exits import BadConfiguration

_WORDS = b'SFATAL\0VFATAL\0C42704\0Munrecognized configuration parameter "transaction_timeout"\0\0'
_REFUSAL = b"E" + (4 + len(_WORDS)).to_bytes(4) + _WORDS


@pytest.fixture
async def old_server() -> AsyncIterator[str]:
    """Where something listens that answers as PostgreSQL 16 does to who asks for a limit on transactions."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length = int.from_bytes(await reader.readexactly(4))
        await reader.readexactly(length - 4)
        writer.write(_REFUSAL)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_server_that_is_too_old_is_named_with_the_version_it_should_have(old_server: str) -> None:
    with pytest.raises(BadConfiguration, match=rf"PostgreSQL at {old_server} is older than version 18: upgrade"):
        await Database.connect(f"postgresql://u:hidden@{old_server}/x?sslmode=disable", application="test")


@pytest.mark.parametrize(("major", "does"), [(17, False), (18, True), (19, True)])
def test_the_version_is_looked_at_before_anything_is_done(*, major: int, does: bool) -> None:
    connection = cast(
        "Connection", SimpleNamespace(get_server_version=lambda: asyncpg.types.ServerVersion(major, 2, 0, "final", 0))
    )
    if does:
        require_version(connection)
        return
    with pytest.raises(BadConfiguration, match=rf"PostgreSQL {major}\.2 is older than version 18"):
        require_version(connection)


async def test_a_server_that_is_away_is_no_fault_of_the_url() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        dsn = f"postgresql://u@127.0.0.1:{nobody.getsockname()[1]}/x?sslmode=disable"
        with pytest.raises(ConnectionRefusedError), entering(dsn):
            await asyncpg.connect(dsn)


@pytest.mark.parametrize("text", ["", "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n"])
def test_an_authority_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(text)
    dsn = f"postgresql://u:hidden@h/x?sslmode=verify-full&sslrootcert={file}"
    with (
        pytest.raises(BadConfiguration, match=r"sslrootcert of RENCONTRES_DATABASE_URL: \S+/ca\.pem cannot be read"),
        entering(dsn),
    ):
        raise FileNotFoundError
