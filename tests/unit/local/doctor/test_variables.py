"""Names of variables are compared with what somebody reads; secrets are in no line."""

import pytest

from local.doctor.checks import examine
from local.doctor.findings import Level
from local.doctor.patient import Patient
from local.doctor.variables import known_variables, variables

SERVERS = {"RENCONTRES_DATABASE_URL": "postgresql://u:p@127.0.0.1/x", "RENCONTRES_NATS_URL": "nats://127.0.0.1:4222"}


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("RENCONTRES_RETENTION__ATTENDENCE_MONTHS", "RENCONTRES_RETENTION__ATTENDANCE_MONTHS"),
        ("RENCONTRES_SMPT_URL", "RENCONTRES_SMTP_URL"),
        ("RENCONTRES_HOLD_HOUR", "RENCONTRES_HOLD_HOURS"),
    ],
)
async def test_a_mistyped_name_is_held_against_the_nearest_one(name: str, near: str) -> None:
    found = [finding.mend async for finding in variables(Patient.of_shell({**SERVERS, name: "1"}))]
    assert f"did you mean {near}?" in found


@pytest.mark.parametrize(
    "name", ["RENCONTRES_NATS_PASSWORD_OPERATOR", "RENCONTRES_ROLE_PASSWORDS__ANALYTICS", "RENCONTRES_DATA"]
)
async def test_what_servers_and_commands_read_is_known(name: str) -> None:
    found = [finding async for finding in variables(Patient.of_shell({**SERVERS, name: "x"}))]
    assert [finding.level for finding in found] == [Level.WELL]


async def test_what_is_missing_is_said_with_where_is_looked_instead() -> None:
    found = [finding async for finding in variables(Patient.of_shell({}))]
    assert [finding.what for finding in found if finding.level is Level.WARNING] == [
        "RENCONTRES_DATABASE_URL is not set",
        "RENCONTRES_NATS_URL is not set",
    ]


async def test_a_malformed_url_shows_no_password() -> None:
    shell = {**SERVERS, "RENCONTRES_DATABASE_URL": "postgres//u:very-secret@host"}
    (result,) = await examine(Patient.of_shell(shell), checks=[variables])
    assert result.findings[0].what.startswith("RENCONTRES_DATABASE_URL: ")
    assert "very-secret" not in str(result)


def test_known_are_fields_of_every_service_and_what_is_nested() -> None:
    assert {"RENCONTRES_CONTACT", "RENCONTRES_MAIL_FROM", "RENCONTRES_RETENTION__UNCONFIRMED_DAYS"} <= known_variables()


def test_each_process_is_looked_at_as_itself_where_the_passwords_of_a_server_are_known() -> None:
    patient = Patient.of_shell(
        {
            "RENCONTRES_DATABASE_URL": "postgresql://rencontres_registration:r@db:5432/postgres?sslmode=require",
            "RENCONTRES_NATS_URL": "nats://operator:o@one:4222,two:4222",
            "RENCONTRES_ROLE_PASSWORDS__ANALYTICS": "a",
            "RENCONTRES_NATS_PASSWORD_ANALYTICS_PROJECTOR": "p",
        }
    )
    projector, relay = patient.environments["analytics-projector"], patient.environments["registration-relay"]
    assert (
        projector["RENCONTRES_DATABASE_URL"] == "postgresql://rencontres_analytics:a@db:5432/postgres?sslmode=require"
    )
    assert projector["RENCONTRES_NATS_URL"] == "nats://analytics-projector:p@one:4222,two:4222"
    assert relay["RENCONTRES_NATS_URL"] == patient.operator["RENCONTRES_NATS_URL"]
