"""The state of a run: written for its owner only, believed only while the run lives, never over what the user has set."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

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
    environment = {"RENCONTRES_NATS_URL": "nats://elsewhere:4222"}
    monkeypatch.setattr("os.environ", environment)
    with RunLock(tmp_path):
        _state(tmp_path).save()
        assert enter(tmp_path) is not None
    assert environment["RENCONTRES_NATS_URL"] == "nats://elsewhere:4222"
    assert environment["RENCONTRES_DATABASE_URL"] == _state(tmp_path).database_url


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
