"""Real processes that cannot start: one line says what is wrong and what to do, the exit code what kind of trouble it is, nothing is served."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import nats
import pytest
import pytest_asyncio
from nats.js.api import StorageType, StreamConfig

from chassis.exits import Exit
from chassis.migrations import migrate
from chassis.schema_version import revisions
from local.ports import free_port
from local.postgres import EmbeddedPostgres
from tests.fixtures.servers import NatsServer

pytestmark = pytest.mark.timeout(300)  # each starts real processes

_ROOT = Path(__file__).parents[3]
_IMPATIENT = "import chassis.broker; chassis.broker.CONNECT_TIMEOUT = 0.5"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedPostgres]:
    """A server with registration migrated, notifications migrated and then made newer, analytics empty, and a role that may do nothing."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("faults"), port=free_port(), durable=False)
    await server.start()
    for service in ("registration", "notifications"):
        await migrate(server.dsn_of(f"rencontres_{service}"), package=f"services.{service}")
    await _execute(server.dsn_of("rencontres_notifications"), "UPDATE alembic_version SET version_num = '9999'")
    await _execute(server.dsn, "CREATE DATABASE rencontres_analytics")
    await _execute(server.dsn, "CREATE ROLE stranger LOGIN PASSWORD 'stranger'")
    # Found before the real one wherever the path says so.
    await _execute(
        server.dsn_of("rencontres_registration"),
        """CREATE SCHEMA ahead;
           CREATE FUNCTION ahead.clock_timestamp() RETURNS timestamptz LANGUAGE sql
           RETURN pg_catalog.clock_timestamp() + interval '5 minutes'""",
    )
    yield server
    await server.stop(mode="immediate")


def test_a_malformed_variable_is_named_with_code_64(postgres: EmbeddedPostgres) -> None:
    code, line = _start("registration", "relay", postgres, RENCONTRES_PUBLIC_URL="nowhere")
    assert code == Exit.CONFIGURATION
    assert line.startswith("cannot run as configured: set RENCONTRES_PUBLIC_URL: ")


def test_a_wrong_password_of_the_database_has_a_code_of_its_own(
    postgres: EmbeddedPostgres, nats_server: NatsServer
) -> None:
    url = postgres.dsn.replace(postgres.dsn.split(":")[2].split("@")[0], "guessed")
    code, line = _start("notifications", "worker", postgres, RENCONTRES_DATABASE_URL=url)
    assert code == Exit.REFUSED
    assert "PostgreSQL does not let this user in: check user and password in RENCONTRES_DATABASE_URL" in line
    assert "guessed" not in line


def test_whoever_waits_for_the_migration_is_told_of_a_wrong_password(postgres: EmbeddedPostgres) -> None:
    url = postgres.dsn.replace(postgres.dsn.split(":")[2].split("@")[0], "guessed")
    ended = _run("services.registration", "migrate", "--wait", RENCONTRES_DATABASE_URL=url)
    assert ended.returncode == Exit.REFUSED
    assert ended.stderr.splitlines() == [
        "PostgreSQL does not let this user in: check user and password in RENCONTRES_DATABASE_URL"
    ]


def test_a_role_without_its_rights_has_the_same_code(postgres: EmbeddedPostgres) -> None:
    url = f"postgresql://stranger:stranger@127.0.0.1:{postgres.port}/x"
    code, line = _start("registration", "api", postgres, RENCONTRES_DATABASE_URL=url)
    assert code == Exit.REFUSED
    assert "PostgreSQL refuses this role what it needs: `migrate` as the owner of the database grants it" in line


def test_a_wrong_password_of_the_broker_has_the_same_code(postgres: EmbeddedPostgres, nats_server: NatsServer) -> None:
    url = nats_server.url_of("registration-relay").replace(nats_server.passwords["registration-relay"], "guessed")
    code, line = _start("registration", "relay", postgres, RENCONTRES_NATS_URL=url)
    assert code == Exit.REFUSED
    assert "the broker does not let in registration-relay: check user and password in RENCONTRES_NATS_URL" in line
    assert "guessed" not in line


def test_a_user_of_the_broker_without_its_rights_has_the_same_code(
    postgres: EmbeddedPostgres, nats_server: NatsServer
) -> None:
    url = nats_server.url_of("analytics-api")
    code, line = _start("registration", "worker", postgres, RENCONTRES_NATS_URL=url)
    assert code == Exit.REFUSED
    assert "the broker refuses: permissions violation" in line
    assert "deploy/nats/accounts.conf" in line


def test_a_database_that_does_not_answer_is_named_with_its_place(postgres: EmbeddedPostgres) -> None:
    port = free_port()
    url = f"postgresql://u:hidden@127.0.0.1:{port}/x"
    code, line = _start("notifications", "worker", postgres, RENCONTRES_DATABASE_URL=url)
    assert code == Exit.UNREACHABLE
    assert f"PostgreSQL does not answer at 127.0.0.1:{port}: start it, or set RENCONTRES_DATABASE_URL" in line
    assert "hidden" not in line


def test_a_broker_that_does_not_answer_is_named_with_its_place(postgres: EmbeddedPostgres) -> None:
    port = free_port()
    url = f"nats://u:hidden@127.0.0.1:{port}"
    code, line = _start("registration", "relay", postgres, first=_IMPATIENT, RENCONTRES_NATS_URL=url)
    assert code == Exit.UNREACHABLE
    assert f"NATS does not answer at 127.0.0.1:{port}: start it, or set RENCONTRES_NATS_URL" in line
    assert "hidden" not in line


async def test_a_database_that_is_too_new_is_left_alone(postgres: EmbeddedPostgres, nats_server: NatsServer) -> None:
    await _execute(postgres.dsn_of("rencontres_notifications"), "UPDATE oldest_program SET revision = '9998'")
    code, line = _start("notifications", "worker", postgres, RENCONTRES_NATS_URL=nats_server.url)
    assert code == Exit.SCHEMA
    assert "its database is newer (at 9999) and serves programs from 9998 on, this program is at " in line

    migration = _run("services.notifications", "migrate", RENCONTRES_DATABASE_URL=postgres.dsn)
    assert migration.returncode == Exit.SCHEMA
    assert migration.stderr.splitlines() == [line.removeprefix("cannot start: ")]


async def test_a_newer_database_that_still_serves_a_program_lets_it_start_and_says_so(
    postgres: EmbeddedPostgres, nats_server: NatsServer
) -> None:
    known = revisions("services.notifications")
    await _execute(postgres.dsn_of("rencontres_notifications"), f"UPDATE oldest_program SET revision = '{known[-1]}'")
    argv = [sys.executable, "-m", "services.notifications", "sender", "--port", str(free_port())]
    servers = {"RENCONTRES_DATABASE_URL": postgres.dsn, "RENCONTRES_NATS_URL": nats_server.url}
    with subprocess.Popen(  # noqa: ASYNC220 - nothing else wants the loop
        argv, stdout=subprocess.PIPE, text=True, cwd=_ROOT, env={**os.environ, **servers}
    ) as sender:
        assert sender.stdout is not None
        said: list[dict[str, str]] = []
        while not said or said[-1]["event"] not in {"started", "cannot start"}:
            said.append(json.loads(sender.stdout.readline()))
        sender.terminate()
        sender.stdout.read()
    assert sender.returncode == Exit.STOPPED
    (warning,) = (line for line in said if line["level"] == "warning")
    assert warning["event"].startswith("its database is newer than this program and still serves it")
    assert (warning["database"], warning["program"]) == ("9999", known[-1])


def test_a_database_not_migrated_yet_says_how(postgres: EmbeddedPostgres, nats_server: NatsServer) -> None:
    code, line = _start("analytics", "projector", postgres, RENCONTRES_NATS_URL=nats_server.url)
    assert code == Exit.SCHEMA
    assert line.endswith("run python -m services.analytics migrate")


async def test_clocks_five_minutes_apart_let_nothing_start(postgres: EmbeddedPostgres) -> None:
    of_registration = "ALTER DATABASE rencontres_registration"
    await _execute(postgres.dsn, f"{of_registration} SET search_path = ahead, pg_catalog, public")
    code, line = _start("registration", "api", postgres)
    await _execute(postgres.dsn, f"{of_registration} RESET search_path")
    assert code == Exit.CLOCK
    assert re.search(r"this machine's clock is (299|300) s behind that of the database", line)
    assert "timedatectl" in line


def test_a_port_that_is_taken_is_named(postgres: EmbeddedPostgres) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, line = _start("registration", "api", postgres, port=taken.getsockname()[1])
    assert code == Exit.PORT_TAKEN
    assert "cannot listen on 127.0.0.1:" in line


async def test_a_stream_that_cannot_be_brought_back_says_what_to_remove(nats_server: NatsServer) -> None:
    client = await nats.connect(nats_server.url)
    js = client.jetstream()
    await js.add_stream(StreamConfig(name="FAULTY_EVENTS", subjects=["faulty.events.>"], storage=StorageType.MEMORY))
    ended = _run(
        "services.registration", "provision", RENCONTRES_NATS_URL=nats_server.url, RENCONTRES_NATS_PREFIX="faulty"
    )
    await js.delete_stream("FAULTY_EVENTS")
    await client.close()

    assert ended.returncode == Exit.STREAM
    assert len(ended.stderr.splitlines()) == 1
    assert "stream FAULTY_EVENTS is configured otherwise" in ended.stderr
    assert "nats stream rm FAULTY_EVENTS" in ended.stderr


def _start(
    service: str, role: str, postgres: EmbeddedPostgres, *, first: str = "", port: int | None = None, **environment: str
) -> tuple[int, str]:
    """Exit code and last words of a process; whatever it is, it never served."""
    module = f"services.{service}"
    program = f"{first}\nimport runpy, sys\nsys.argv = ['x', {role!r}, '--port', '{port or free_port()}']\nrunpy.run_module({module!r}, run_name='__main__', alter_sys=True)"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=_ROOT,
        timeout=200,
        env={**os.environ, "RENCONTRES_DATABASE_URL": postgres.dsn, **environment},
    )
    lines = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    assert not {"started", "serving"} & {line["event"] for line in lines}
    assert ended.stderr == ""
    return ended.returncode, ": ".join(lines[-1][key] for key in ("event", "reason") if key in lines[-1])


def _run(module: str, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=_ROOT,
        timeout=200,
        env={**os.environ, **environment},
    )


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(statement)
    await connection.close()
