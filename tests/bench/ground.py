"""The servers a benchmark stands on: one embedded PostgreSQL and one NATS, started for the run and stopped after it."""

import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from chassis.settings import database_dsn
from local.nats import EmbeddedNats
from local.ports import free_port
from local.postgres import EmbeddedPostgres


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the servers are."""

    server_dsn: str
    nats_url: str
    folder: Path

    def dsn(self, database: str) -> str:
        """Return the URL of one database on the server."""
        return database_dsn(self.server_dsn, database)


@asynccontextmanager
async def ground(folder: Path) -> AsyncIterator[Ground]:
    """Start both servers with the settings of the embedded run (fsync on) and stop them at the end."""
    postgres = EmbeddedPostgres(folder / "postgres", port=free_port())
    nats = EmbeddedNats(folder / "nats", port=free_port(), monitoring_port=free_port(), guests=True)
    await postgres.start()
    try:
        await nats.start()
        try:
            yield Ground(postgres.dsn, nats.url, folder)
        finally:
            await nats.stop()
    finally:
        await postgres.stop()


def resident_mib(pid: int) -> float:
    """Return the resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20
