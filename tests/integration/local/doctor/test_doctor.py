"""The doctor on real servers: nothing to say where all is well, and each planted fault named with its mend, without a secret."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import nats
import pytest

from chassis.schema_version import revisions
from chassis.settings import database_dsn
from chassis.starting import skew_of
from contracts.permissions import OPERATOR, PROVISIONER, inbox_prefix
from local.doctor import brokers, databases, mail
from local.doctor.checks import CHECKS, examine
from local.doctor.findings import Finding, Level, well
from local.doctor.patient import Patient
from local.mail_sink import Refusal
from local.ports import free_port
from tests.integration.local.doctor.conftest import Place


async def bad(patient: Patient) -> dict[str, list[Finding]]:
    """What is wrong, by check."""
    found = {
        result.name: [finding for finding in result.findings if finding.level >= Level.WARNING]
        for result in await examine(patient)
    }
    assert all(finding.meaning and finding.mend for findings in found.values() for finding in findings)
    return {name: findings for name, findings in found.items() if findings}


async def test_where_all_is_well_every_check_says_so_or_why_it_did_not_look(place: Place) -> None:
    results = await examine(place.patient())

    assert [f.what for result in results for f in result.findings if f.level >= Level.WARNING] == []
    assert {r.name for r in results if r.findings[0].level is Level.SKIPPED} == {"disk", "otlp", "processes"}
    assert not place.smtp.mails


async def test_1_a_malformed_variable(place: Place) -> None:
    found = await bad(place.patient({"RENCONTRES_PUBLIC_URL": "rencontres.example"}))

    assert list(found) == ["variables"]
    assert found["variables"][0].what.startswith("RENCONTRES_PUBLIC_URL: ")
    assert "RENCONTRES_PUBLIC_URL" in found["variables"][0].mend


async def test_2_a_mistyped_name(place: Place) -> None:
    found = await bad(place.patient({"RENCONTRES_PUBLIK_URL": "https://rencontres.example"}))

    assert found["variables"][0].what == "RENCONTRES_PUBLIK_URL is read by nobody"
    assert found["variables"][0].mend == "did you mean RENCONTRES_PUBLIC_URL?"


async def test_3_a_database_that_does_not_answer(place: Place) -> None:
    port = free_port()
    found = await bad(place.patient({"RENCONTRES_DATABASE_URL": f"postgresql://rencontres:secret@127.0.0.1:{port}/x"}))

    assert list(found) == ["postgresql"]
    assert f"PostgreSQL does not answer at 127.0.0.1:{port}" in found["postgresql"][0].what
    assert "RENCONTRES_DATABASE_URL" in found["postgresql"][0].mend


async def test_4_a_wrong_password_of_the_database(place: Place) -> None:
    url = place.postgres.urls["registration"].replace(place.postgres.passwords["registration"], "guessed-wrongly")
    found = await bad(place.patient({"RENCONTRES_DATABASE_URL": url}))

    (finding,) = found["postgresql"]
    assert finding.what.endswith("does not let in rencontres_registration (for registration, notifications, analytics)")
    assert "guessed-wrongly" not in str(found)


async def test_5_a_broker_that_does_not_answer(place: Place) -> None:
    port = free_port()
    found = await bad(place.patient({"RENCONTRES_NATS_URL": f"nats://127.0.0.1:{port}"}))

    assert list(found) == ["nats"]
    assert found["nats"][0].what == f"NATS does not answer at 127.0.0.1:{port}"
    assert "RENCONTRES_NATS_URL" in found["nats"][0].mend


async def test_6_a_wrong_password_of_the_broker(place: Place) -> None:
    url = place.nats.urls[OPERATOR].replace(place.nats.passwords[OPERATOR], "guessed-wrongly")
    found = await bad(place.patient({"RENCONTRES_NATS_URL": url}))

    (finding,) = found["nats"]  # once, for all whom it concerns
    assert "does not let in operator (for operator, provisioner, registration-api, " in finding.what
    assert "RENCONTRES_NATS_URL" in found["nats"][0].mend
    assert "guessed-wrongly" not in str(found)


async def test_7_a_database_that_is_behind_and_one_that_is_newer(
    place: Place, admin: Callable[[str, str], Awaitable[None]]
) -> None:
    await admin("rencontres_analytics", "UPDATE alembic_version SET version_num = '9999'")
    await admin("rencontres_notifications", "UPDATE alembic_version SET version_num = '0001'")
    serving = (await bad(place.patient()))["migrations"][1]
    await admin("rencontres_analytics", "UPDATE oldest_program SET revision = '9998'")
    found = (await bad(place.patient()))["migrations"]
    await admin("rencontres_analytics", f"UPDATE oldest_program SET revision = '{revisions('services.analytics')[0]}'")
    await admin("rencontres_analytics", f"UPDATE alembic_version SET version_num = '{_newest('analytics')}'")
    await admin("rencontres_notifications", f"UPDATE alembic_version SET version_num = '{_newest('notifications')}'")

    assert [finding.what.partition(":")[0] for finding in found] == ["notifications", "analytics"]
    assert found[0].mend == "run python -m services.notifications migrate"
    assert [(one.level, "newer (at 9999)" in one.what) for one in (serving, found[1])] == [
        (Level.WARNING, True),
        (Level.ERROR, True),
    ]
    assert "finish the upgrade" in serving.mend


async def test_8_a_stream_configured_otherwise(place: Place) -> None:
    client = await nats.connect(place.nats.urls[PROVISIONER], inbox_prefix=inbox_prefix(place.nats.urls[PROVISIONER]))
    js = client.jetstream()
    config = (await js.stream_info("DEAD_LETTERS")).config
    await js.update_stream(config.evolve(max_age=3600.0))
    found = await bad(place.patient())
    await js.update_stream(config)
    await client.close()

    assert list(found) == ["streams and consumers"]
    assert "stream DEAD_LETTERS is configured otherwise: max_age is 3600" in found["streams and consumers"][0].what
    assert "python -m services.registration provision" in found["streams and consumers"][0].mend


async def test_8_streams_that_are_not_there(place: Place) -> None:
    found = await bad(place.patient({"RENCONTRES_NATS_URL": place.nats.url, "RENCONTRES_NATS_PREFIX": "elsewhere"}))
    said = [finding.what for finding in found["streams and consumers"]]

    assert "stream ELSEWHERE_EVENTS is missing" in said


async def test_9_processes_that_share_a_user_or_have_too_few_rights(place: Place) -> None:
    everybody = await bad(place.patient({"RENCONTRES_NATS_URL": place.nats.url}))
    analyst = await bad(place.patient({"RENCONTRES_NATS_URL": place.nats.urls["analytics-api"]}))

    assert "may do more than" in everybody["users"][0].what
    assert any(
        "registration-worker: user analytics-api may not use rencontres.contacts.lookup" in f.what
        for f in analyst["users"]
    )
    assert all("deploy/nats/accounts.conf" in f.mend for f in (*everybody["users"], *analyst["users"]))


async def test_9_a_role_that_administers_and_one_that_may_not_read(
    place: Place, admin: Callable[[str, str], Awaitable[None]]
) -> None:
    everything = await bad(place.patient({"RENCONTRES_DATABASE_URL": place.postgres.dsn}))
    assert all("administers the whole server" in finding.what for finding in everything["roles"])

    await admin("rencontres_registration", "REVOKE SELECT ON meetups FROM rencontres_registration")
    nothing = await bad(place.patient())
    await admin("rencontres_registration", "GRANT SELECT ON meetups TO rencontres_registration")
    assert nothing["roles"][0].what == "registration: role rencontres_registration may not use public.meetups"
    assert "python -m services.registration migrate" in nothing["roles"][0].mend


async def test_10_a_mail_server_that_refuses_or_is_away(place: Place) -> None:
    place.smtp.refusing = Refusal.SENDER
    refused = await bad(place.patient())
    place.smtp.refusing = None
    away = await bad(place.patient({"RENCONTRES_SMTP_URL": f"smtp://user:secret-word@127.0.0.1:{free_port()}"}))

    assert "smtp" in refused
    assert "no mail server answers at 127.0.0.1" in away["smtp"][0].what
    assert "secret-word" not in str(away)


async def test_11_a_clock_of_the_database_that_is_ahead(
    place: Place, admin: Callable[[str, str], Awaitable[None]]
) -> None:
    await admin(
        "rencontres_registration",
        """CREATE SCHEMA ahead;
           CREATE FUNCTION ahead.clock_timestamp() RETURNS timestamptz LANGUAGE sql
           RETURN pg_catalog.clock_timestamp() + interval '5 minutes';
           GRANT USAGE ON SCHEMA ahead TO PUBLIC;
           ALTER DATABASE rencontres_registration SET search_path = ahead, pg_catalog, public""",
    )
    found = await bad(place.patient())
    await admin(
        "rencontres_registration", "ALTER DATABASE rencontres_registration RESET search_path; DROP SCHEMA ahead CASCADE"
    )

    assert list(found) == ["clocks"]
    assert re.fullmatch(r"this machine's clock is (299|300) s behind that of the database", found["clocks"][0].what)
    assert "timedatectl" in found["clocks"][0].mend


async def test_how_far_clocks_are_apart_decides_how_bad_it_is() -> None:
    asked = datetime(2026, 11, 23, 12, tzinfo=UTC)
    behind = skew_of(asked + timedelta(minutes=3), asked=asked, answered=asked + timedelta(seconds=1))
    ahead = skew_of(asked - timedelta(seconds=10), asked=asked, answered=asked)

    assert (databases.about_skew("x", behind).level, databases.about_skew("x", ahead).level) == (
        Level.ERROR,
        Level.WARNING,
    )
    assert "179 s behind that of x" in databases.about_skew("x", behind).what
    assert "timedatectl" in databases.about_skew("x", behind).mend


async def test_a_broker_that_is_too_old(place: Place) -> None:
    (result,) = await examine(place.patient(), checks=[brokers.nats])
    assert re.fullmatch(r"NATS 2\.\d+\.\d+ at 127\.0\.0\.1:\d+", result.findings[0].what)

    assert brokers._about_version("x", "2.15.1").level is Level.WELL
    old = brokers._about_version("x", "2.10.29")
    assert (old.level, old.what) == (Level.ERROR, "NATS at x is version 2.10.29, older than 2.11")


async def test_12_a_public_address_without_tls(place: Place) -> None:
    found = await bad(place.patient({"RENCONTRES_PUBLIC_URL": "http://rencontres.invalid"}))

    assert found["public url"][0].mend.endswith("RENCONTRES_PUBLIC_URL=https://rencontres.invalid")
    assert "cannot be resolved" in found["public url"][1].what


async def test_13_a_collector_that_is_away_is_a_warning(place: Place) -> None:
    found = await bad(place.patient({"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{free_port()}"}))

    assert [finding.level for finding in found["otlp"]] == [Level.WARNING]


async def test_a_mail_is_sent_only_when_asked_for(place: Place) -> None:
    result = (await examine(place.patient(), checks=[mail.sending("admin@example.org")]))[0]

    assert result.findings[0].level is Level.WELL
    assert [sent.recipients for sent in place.smtp.mails] == [("admin@example.org",)]


async def test_a_server_that_never_answers_holds_nobody_up(place: Place) -> None:
    async def hangs(_: Patient) -> AsyncIterator[Finding]:
        await asyncio.Event().wait()
        yield well("never")

    result = (await examine(place.patient(), checks=[hangs], seconds=0.1))[0]

    assert result.findings[0].what == "no answer within 0.1 s"


def test_every_check_says_what_it_looks_at() -> None:
    assert all((check.__doc__ or "").strip().endswith(".") for check in CHECKS)


async def test_the_command_names_the_trouble_with_its_mend_and_ends_with_64(place: Place, tmp_path: Path) -> None:
    port = free_port()
    environment = {**place.common, "RENCONTRES_DATABASE_URL": f"postgresql://rencontres:top-secret@127.0.0.1:{port}/x"}
    ended = await _rencontres(
        "doctor", "--data", str(tmp_path), **environment, RENCONTRES_NATS_URL=place.nats.urls[OPERATOR]
    )

    assert ended.returncode == 64, ended.stderr
    assert f"PostgreSQL does not answer at 127.0.0.1:{port}" in ended.stdout
    assert "mend" in ended.stdout
    assert "top-secret" not in ended.stdout + ended.stderr
    assert place.nats.passwords[OPERATOR] not in ended.stdout + ended.stderr


async def test_the_command_says_the_same_to_programs(place: Place, tmp_path: Path) -> None:
    environment = {**place.common, "RENCONTRES_DATABASE_URL": place.postgres.dsn, "RENCONTRES_NATS_URL": place.nats.url}
    ended = await _rencontres(
        "doctor", "--json", "--data", str(tmp_path), **environment, RENCONTRES_NATS_PREFIX="rencontres"
    )
    said = json.loads(ended.stdout)
    errors = {c["name"] for c in said["checks"] for f in c["findings"] if f["level"] == "error"}

    assert errors == {"streams and consumers"}  # guests have an account of their own
    assert (said["worst"], ended.returncode) == ("error", 64)


def _newest(service: str) -> str:
    return revisions(f"services.{service}")[-1]


async def _rencontres(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "local", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", **environment},
    )


@pytest.fixture
def admin(place: Place) -> Callable[[str, str], Awaitable[None]]:
    """Run a statement in a database as the administrator."""

    async def run(database: str, statement: str) -> None:
        connection = await asyncpg.connect(database_dsn(place.postgres.dsn, database))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    return run
