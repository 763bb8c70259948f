"""Registrations a second on one hot meetup: group commit against a no-op endpoint, and against a transaction a request."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import asyncpg

from chassis.ids import uuid7
from chassis.migrations import migrate
from local.ports import free_port
from local.program import answers
from tests.bench.figures import Counter, Figure, Ratio
from tests.bench.firehose import registrations_per_second
from tests.bench.ground import Ground, resident_mib

COUNT = 4_000
ROUNDS = 3
ONE_BATCH = 64

_HOT_MEETUP = """
WITH meetup AS (
INSERT INTO meetups (id, version, slug, status, territory, title, description, format, attendance_mode, timezone,
    starts_local, ends_local, closes_local, starts_at, ends_at, closes_at, venue_name, venue_address,
    calendar_sequence, demo, created_at, changed_at)
VALUES ($1, 1, $2, 'published', '976', 'Banc d’essai', '', 'conference', 'onsite', 'Indian/Mayotte',
    $3::timestamp, $3::timestamp + interval '2 h', $3::timestamp, $3::timestamp, $3::timestamp + interval '2 h', $3::timestamp,
    'Salle', 'Adresse', 0, true, now(), now())
RETURNING id)
INSERT INTO rooms (meetup_id, mode, capacity, overbooking_percent) SELECT id, 'onsite', 100000, 0 FROM meetup
"""


async def measure(ground: Ground) -> list[Figure]:
    """Return both ratios, and what one registration costs."""
    dsn = ground.dsn("rencontres_registration")
    await migrate(dsn, package="services.registration")
    grouped: list[float] = []
    single: list[float] = []
    noop: list[float] = []
    async with (
        _deaf_collector() as endpoint,
        _api(ground, endpoint, batch=256) as api,
        _api(ground, endpoint, batch=1) as one,
    ):
        for _ in range(ROUNDS):
            for rates, port, path, count in (
                (grouped, api.port, "/api/v1/meetups", COUNT),
                (noop, api.port, "/noop", COUNT),
                (single, one.port, "/api/v1/meetups", COUNT // 8),
            ):
                at = f"{path}/{await _hot_meetup(dsn)}/registrations"
                rates.append(await registrations_per_second(port, at, count=count))
        counters = [*await _wal(dsn, api.port), await _memory(dsn, api)]
    async with _deaf_collector() as endpoint:
        counters += await _statements(ground, dsn, endpoint)
    return [
        Ratio("group commit / no-op endpoint", median(grouped), median(noop), "registrations/s", bar=0.5),
        Ratio("group commit / a transaction a request", median(grouped), median(single), "registrations/s", bar=2.0),
        *counters,
    ]


async def _wal(dsn: str, port: int) -> list[Counter]:
    """WAL bytes and events of a registration, over many in a rush."""
    connection = await asyncpg.connect(dsn)
    try:
        meetup_id = await _hot_meetup(dsn)
        before = await connection.fetchval("SELECT pg_current_wal_insert_lsn()")
        events = await connection.fetchval("SELECT count(*) FROM event_log")
        await registrations_per_second(port, f"/api/v1/meetups/{meetup_id}/registrations", count=COUNT)
        written = await connection.fetchval("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1)", before)
        told = await connection.fetchval("SELECT count(*) FROM event_log") - events
    finally:
        await connection.close()
    return [
        Counter("WAL a registration, in a rush", float(written) / COUNT, "bytes"),
        Counter("messages a registration", told / COUNT, "events"),
    ]


async def _memory(dsn: str, api: "_Api") -> Counter:
    before = resident_mib(api.pid)
    for _ in range(3):
        meetup_id = await _hot_meetup(dsn)
        await registrations_per_second(api.port, f"/api/v1/meetups/{meetup_id}/registrations", count=COUNT)
    return Counter(f"growth of the API over {3 * COUNT:,} registrations", resident_mib(api.pid) - before, "MiB")


async def _statements(ground: Ground, dsn: str, endpoint: str) -> list[Counter]:
    """SQL statements of a registration, alone and in a rush, as the server itself logs them."""
    log = ground.folder / "postgres" / "postgres.log"
    connection = await asyncpg.connect(dsn)
    await connection.execute("ALTER DATABASE rencontres_registration SET log_statement = 'all'")
    await connection.close()
    async with _api(ground, endpoint, batch=256) as api:
        at = f"/api/v1/meetups/{await _hot_meetup(dsn)}/registrations"
        await registrations_per_second(api.port, at, count=1)
        alone = await _logged(log, api.port, at, count=10, connections=1)
        rush = await _logged(log, api.port, at, count=COUNT, connections=ONE_BATCH)
    return [
        Counter("SQL statements of a registration alone", alone, "statements"),
        Counter("SQL statements a registration, in a rush", rush, "statements"),
    ]


async def _logged(log: Path, port: int, path: str, *, count: int, connections: int) -> float:
    start = log.stat().st_size  # noqa: ASYNC240 - a benchmark of nothing else at this moment
    await registrations_per_second(port, path, count=count, connections=connections)
    text = log.read_bytes()[start:].decode(errors="replace")  # noqa: ASYNC240
    statements = re.findall(r"LOG:  (?:statement|execute [^:]*): (?!NOTIFY|SELECT 1\b|LISTEN)", text)
    return len(statements) / count


@dataclass(frozen=True, slots=True)
class _Api:
    port: int
    pid: int


@asynccontextmanager
async def _api(ground: Ground, endpoint: str, *, batch: int) -> AsyncIterator[_Api]:
    port = free_port()
    environment = {
        **os.environ,
        "RENCONTRES_DATABASE_URL": ground.server_dsn,
        "RENCONTRES_NATS_URL": ground.nats_url,
        "RENCONTRES_ADMISSION_BATCH": str(batch),
        "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
        "RENCONTRES_LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.admission_server", str(port), env=environment
    )
    try:
        async with asyncio.timeout(30):
            while not await answers(f"http://127.0.0.1:{port}/readyz"):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)
        yield _Api(port, process.pid)
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def _deaf_collector() -> AsyncIterator[str]:
    """Take spans and throw them away: the cost of telling is measured, not that of listening."""

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                await reader.readexactly(int(found[1]) if found else 0)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _hot_meetup(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    try:
        meetup_id = uuid7()
        start = await connection.fetchval("SELECT (now() + interval '30 days')::timestamp")
        await connection.execute(_HOT_MEETUP, meetup_id, f"banc-{meetup_id.hex}", start)
        return str(meetup_id)
    finally:
        await connection.close()
