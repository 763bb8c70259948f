"""The state of a run: written for its owner only, believed only while the run lives, never over what the user has set."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.permissions import OPERATOR, identities
from local.processes import SERVICE_PROCESSES, actor_of
from local.run_state import AlreadyRunningError, NotRunningError, RunLock, RunState, enter, load, state_file


def test_a_saved_state_is_read_back_while_its_run_lives(tmp_path: Path) -> None:
    state = _state(tmp_path)
    with RunLock(tmp_path):
        state.save()
        assert load(tmp_path) == state


def test_the_state_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    _state(tmp_path).save()
    assert state_file(tmp_path).stat().st_mode & 0o777 == 0o600


def test_the_state_of_a_dead_run_is_not_believed(tmp_path: Path) -> None:
    with RunLock(tmp_path):
        _state(tmp_path).save()
    with pytest.raises(NotRunningError, match="not stopped cleanly"):
        load(tmp_path)


def test_without_a_run_the_command_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError, match="rencontres up"):
        load(tmp_path / "nowhere")


def test_a_second_run_with_the_same_data_is_told_of_the_first(tmp_path: Path) -> None:
    with RunLock(tmp_path):
        _state(tmp_path).save()
        with (
            pytest.raises(AlreadyRunningError, match=r"already running since .* http://127\.0\.0\.1:8000"),
            RunLock(tmp_path),
        ):
            pytest.fail("both run")


def test_a_command_enters_the_run_but_keeps_what_the_user_has_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.environ", {"RENCONTRES_NATS_URL": "nats://elsewhere:4222"})
    with RunLock(tmp_path):
        _state(tmp_path).save()
        environment = enter(tmp_path, actor_of("services.registration", "republish"))
    assert environment["RENCONTRES_NATS_URL"] == "nats://elsewhere:4222"
    assert environment["RENCONTRES_DATABASE_URL"] == _state(tmp_path).database_url


def test_a_process_is_told_its_own_credentials_and_no_others(tmp_path: Path) -> None:
    state = _state(tmp_path).model_copy(
        update={
            "database_urls": {"notifications": "postgresql://n", "notifications_owner": "postgresql://owner"},
            "nats_urls": {"notifications-sender": "nats://sender", "operator": "nats://operator"},
        }
    )
    sender = state.environment(actor_of("services.notifications", "sender"))
    migration = state.environment(actor_of("services.notifications", "migrate"))
    assert sender["RENCONTRES_DATABASE_URL"] == "postgresql://n"
    assert sender["RENCONTRES_NATS_URL"] == "nats://sender"
    assert migration["RENCONTRES_DATABASE_URL"] == "postgresql://owner"
    assert "RENCONTRES_NATS_URL" not in migration


def test_each_process_of_the_network_is_a_user_of_the_broker() -> None:
    users = {identity.name for identity in identities()}
    assert {actor_of(row.module, row.role).broker for row in SERVICE_PROCESSES} == users - {OPERATOR}


def _state(data: Path) -> RunState:
    return RunState(
        pid=os.getpid(),
        started_at=datetime(2026, 3, 3, 18, 30, tzinfo=UTC),
        data=data,
        public_url="http://127.0.0.1:8000",
        notifications_url="http://127.0.0.1:8001",
        analytics_url="http://127.0.0.1:8002",
        console_url="http://127.0.0.1:8009",
        database_url="postgresql://rencontres:secret@127.0.0.1:8054/postgres",
        nats_url="nats://127.0.0.1:8042",
        smtp_url="smtp://127.0.0.1:2525",
        otlp_endpoint="http://127.0.0.1:8009",
    )
