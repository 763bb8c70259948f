"""`rencontres up`, `status` and `down` with the real processes of the whole network, on ports and data of their own."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import randrange
from typing import TypedDict
from urllib.parse import urlsplit

import pytest

from chassis.exits import Exit
from local.ports import is_free
from local.processes import SERVICE_PROCESSES, Ports
from local.run_state import admin_token_file
from tests.fixtures.servers import NatsServer, PostgresServer

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]


class Part(TypedDict):
    name: str
    health: str
    pid: int | None
    restarts: int


class Status(TypedDict):
    running: bool
    healthy: bool
    processes: list[Part]


@dataclass(frozen=True, slots=True)
class Command:
    """`rencontres …` on one data folder."""

    data: Path
    base: int
    environment: dict[str, str]

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "local", *arguments, "--data", str(self.data)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "NO_COLOR": "1", **self.environment},
        )

    def up(self) -> subprocess.CompletedProcess[str]:
        return self("up", "--detach", "--port-base", str(self.base))

    def status(self) -> Status:
        status: Status = json.loads(self("status", "--json").stdout)
        return status


@pytest.fixture
def rencontres(tmp_path: Path) -> Iterator[Command]:
    command = Command(tmp_path / "var", _free_base(), {})
    yield command
    command("down")


def test_up_ends_healthy_and_down_leaves_nothing(rencontres: Command) -> None:
    up = rencontres.up()
    assert up.returncode == 0, up.stdout + up.stderr
    assert f"http://127.0.0.1:{rencontres.base}/" in up.stdout
    status = rencontres.status()
    assert status["healthy"]
    names = {part["name"] for part in status["processes"]}
    assert names == {"postgres", "nats", "smtp", "console", *(row.name for row in SERVICE_PROCESSES)}

    again = rencontres.up()
    assert again.returncode == 1
    assert "already running since" in again.stderr

    token = admin_token_file(rencontres.data)
    assert stat.S_IMODE(token.stat().st_mode) == 0o600

    pids = [part["pid"] for part in status["processes"] if part["pid"]]
    down = rencontres("down")
    assert down.returncode == 0, down.stderr
    assert not [pid for pid in pids if _lives(pid)]
    assert all(is_free(port) for port in _ports(rencontres.base))
    assert rencontres("status").returncode == 1


def test_a_killed_supervisor_takes_everything_along_and_the_next_up_recovers(rencontres: Command) -> None:
    assert rencontres.up().returncode == 0
    token = admin_token_file(rencontres.data).read_text()
    supervisor = json.loads((rencontres.data / "run.json").read_text())["pid"]
    os.kill(supervisor, signal.SIGKILL)
    up = rencontres.up()
    assert up.returncode == 0, up.stdout + up.stderr
    assert rencontres.status()["healthy"]
    assert admin_token_file(rencontres.data).read_text() == token


def test_a_taken_port_is_named(rencontres: Command) -> None:
    with socket.create_server(("127.0.0.1", rencontres.base + 2)):
        up = rencontres.up()
    assert up.returncode == Exit.PORT_TAKEN
    assert f"port {rencontres.base + 2} (analytics-api) is taken" in up.stdout


@pytest.mark.parametrize("how", [(), ("--detach",)])
def test_a_start_that_a_server_refuses_says_what_to_do(
    rencontres: Command, postgres_server: PostgresServer, nats_server: NatsServer, how: tuple[str, ...]
) -> None:
    address = urlsplit(postgres_server.url)
    guessed = address._replace(netloc=f"nobody:guessed@{address.hostname}:{address.port}").geturl()
    servers = {"RENCONTRES_DATABASE_URL": guessed, "RENCONTRES_NATS_URL": nats_server.url}
    up = replace(rencontres, environment=servers)("up", *how, "--port-base", str(rencontres.base))
    assert up.returncode == Exit.REFUSED
    said = "groundwork: PostgreSQL does not let this user in: check user and password in RENCONTRES_DATABASE_URL"
    assert said in (up.stdout + up.stderr).splitlines()


def test_parts_named_by_the_environment_replace_the_embedded_ones(
    rencontres: Command, postgres_server: PostgresServer, nats_server: NatsServer
) -> None:
    rencontres.environment.update(
        RENCONTRES_DATABASE_URL=postgres_server.url,
        RENCONTRES_NATS_URL=nats_server.url,
        RENCONTRES_NATS_PREFIX=f"t{rencontres.base}",
    )
    up = rencontres.up()
    assert up.returncode == 0, up.stdout + up.stderr
    status = rencontres.status()
    assert status["healthy"]
    assert {part["name"]: part["pid"] for part in status["processes"] if part["name"] in {"postgres", "nats"}} == {
        "postgres": None,
        "nats": None,
    }
    assert not (rencontres.data / "postgres").exists()
    assert not (rencontres.data / "nats").exists()


def _free_base() -> int:
    while True:
        base = randrange(200, 300) * 100
        if all(is_free(port) for port in _ports(base)):
            return base


def _ports(base: int) -> list[int]:
    ports = Ports(base)
    servers = [ports.console, ports.nats, ports.nats_monitoring, ports.postgres, ports.smtp]
    return [*servers, *(base + row.offset for row in SERVICE_PROCESSES)]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
