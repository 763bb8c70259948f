"""Disks that are really full, small ones of memory: what must write says so in one line with code 74, what only reads goes on."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import StreamConfig

from chassis.exits import Exit
from local.nats import EmbeddedNats
from local.ports import free_port
from local.postgres import EmbeddedPostgres
from local.supervisor import Supervisor
from tests.fixtures.small_disk import SmallDisk, small_disk

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=96) as disk:
        yield disk


async def test_a_full_disk_of_postgresql_is_said_by_the_migration(disk: SmallDisk) -> None:
    server = EmbeddedPostgres(disk.place / "postgres", port=free_port(), durable=False)
    await server.start()
    try:
        disk.fill()
        ended = _run("-m", "services.registration", "migrate", RENCONTRES_DATABASE_URL=server.dsn)
    finally:
        await server.stop(mode="immediate")
    assert (ended.returncode, ended.stdout) == (Exit.DISK_FULL, "")
    assert ended.stderr.splitlines() == ["the disk of PostgreSQL is full: make room there, or give it a larger one"]


async def test_a_full_disk_of_nats_is_said_by_the_provisioning(disk: SmallDisk) -> None:
    server = EmbeddedNats(disk.place / "nats", port=free_port(), monitoring_port=free_port(), guests=True)
    await server.start()
    try:
        disk.fill()
        ended = _run("-m", "services.registration", "provision", RENCONTRES_NATS_URL=server.url)
    finally:
        await server.stop()
    assert ended.returncode == Exit.DISK_FULL
    (line,) = ended.stderr.splitlines()
    assert line.startswith("NATS cannot store stream EVENTS (")
    assert "make room on its disk" in line


async def test_nats_takes_events_again_once_its_disk_has_room(disk: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.supervisor.STUCK_INTERVAL", 0.1)
    server = EmbeddedNats(disk.place / "nats", port=free_port(), monitoring_port=free_port(), guests=True)
    supervisor = Supervisor()
    await supervisor.start(server)
    client = await nats.connect(server.url, max_reconnect_attempts=-1, reconnect_time_wait=0.05)
    try:
        js = client.jetstream(timeout=1.0)
        await js.add_stream(StreamConfig(name="FULL", subjects=["full"]))
        async with asyncio.timeout(30):
            while await _takes(js):
                disk.fill()
        assert not await server.is_stuck()  # there is no room yet
        disk.make_room()
        async with asyncio.timeout(30):
            while not await _takes(js):
                pass
    finally:
        await client.close()
        await supervisor.stop()


async def _takes(js: JetStreamContext) -> bool:
    try:
        return (await js.publish("full", b"x" * 4096)).seq > 0
    except (NatsError, TimeoutError):
        return False


def test_a_full_disk_of_a_run_is_said_before_anything_starts(disk: SmallDisk) -> None:
    disk.fill()
    for how in ((), ("--detach",)):
        ended = _run("-m", "local", "up", *how, "--data", str(disk.place / "var"), "--port-base", "21300")
        assert (ended.returncode, ended.stdout) == (Exit.DISK_FULL, "")
        (line,) = ended.stderr.splitlines()
        assert line.startswith(f"only 0 MB free for {disk.place / 'var'}, a run needs 256 MB: make room")
    assert not (disk.place / "var").exists()


def _run(*argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *argv],
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
        cwd=Path(__file__).parents[3],
        env={**os.environ, **environment},
    )
