"""Disks that are really full, small ones of memory: what must write says so in one line with code 74, what only reads goes on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.exits import Exit
from local.nats import EmbeddedNats
from local.ports import free_port
from local.postgres import EmbeddedPostgres

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 96 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=96m", "rencontres-test", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _fill(disk: Path) -> None:
    with (disk / "ballast").open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(b"x" * 4096)
        except OSError:
            return


async def test_a_full_disk_of_postgresql_is_said_by_the_migration(small_disk: Path) -> None:
    server = EmbeddedPostgres(small_disk / "postgres", port=free_port(), durable=False)
    await server.start()
    try:
        _fill(small_disk)
        ended = _run("-m", "services.registration", "migrate", RENCONTRES_DATABASE_URL=server.dsn)
    finally:
        await server.stop(mode="immediate")
    assert (ended.returncode, ended.stdout) == (Exit.DISK_FULL, "")
    assert ended.stderr.splitlines() == ["the disk of PostgreSQL is full: make room there, or give it a larger one"]


async def test_a_full_disk_of_nats_is_said_by_the_provisioning(small_disk: Path) -> None:
    server = EmbeddedNats(small_disk / "nats", port=free_port(), monitoring_port=free_port(), guests=True)
    await server.start()
    try:
        _fill(small_disk)
        ended = _run("-m", "services.registration", "provision", RENCONTRES_NATS_URL=server.url)
    finally:
        await server.stop()
    assert ended.returncode == Exit.DISK_FULL
    (line,) = ended.stderr.splitlines()
    assert line.startswith("NATS cannot store stream EVENTS (")
    assert "make room on its disk" in line


def test_a_full_disk_of_a_run_is_said_before_anything_starts(small_disk: Path) -> None:
    _fill(small_disk)
    for how in ((), ("--detach",)):
        ended = _run("-m", "local", "up", *how, "--data", str(small_disk / "var"), "--port-base", "21300")
        assert (ended.returncode, ended.stdout) == (Exit.DISK_FULL, "")
        (line,) = ended.stderr.splitlines()
        assert line.startswith(f"only 0 MB free for {small_disk / 'var'}, a run needs 256 MB: make room")
    assert not (small_disk / "var").exists()


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
