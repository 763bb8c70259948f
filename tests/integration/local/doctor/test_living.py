"""The doctor on the processes of a run: what one said last stands beside it, and what to do differs with how it is ill."""

import json
from datetime import UTC, datetime
from pathlib import Path

from local.doctor.checks import examine
from local.doctor.findings import Finding, Level
from local.doctor.living import processes
from local.doctor.patient import Patient
from local.life import Health
from local.ports import free_port
from local.run_state import ProcessState, RunLock, RunState


async def test_a_process_that_has_stopped_shows_why_and_is_not_waited_for(tmp_path: Path) -> None:
    finding = await _found(tmp_path, Health.STOPPED, reason="cannot run as configured: set RENCONTRES_X: no")

    assert finding.what == "analytics-api has stopped: cannot run as configured: set RENCONTRES_X: no"
    assert finding.mend.endswith("rencontres down and rencontres up")


async def test_a_process_that_keeps_falling_shows_its_last_words(tmp_path: Path) -> None:
    finding = await _found(tmp_path, Health.PAUSED, log="something it needs does not answer")

    assert finding.what == "analytics-api is paused; it said last: something it needs does not answer"


async def test_a_process_that_hangs_is_to_be_killed(tmp_path: Path) -> None:
    finding = await _found(tmp_path, Health.READY, log="serving")

    assert finding.what == "analytics-api does not answer; it said last: serving"
    assert finding.mend.startswith("kill -9 4711: nothing is lost")


async def test_without_a_run_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    (result,) = await examine(Patient({}, {}), checks=[processes])
    assert result.worst is Level.SKIPPED
    (result,) = await examine(Patient({}, {}, tmp_path), checks=[processes])
    assert result.findings[0].what == "not looked: the run has ended meanwhile"


async def _found(data: Path, health: Health, *, reason: str = "", log: str = "") -> Finding:
    port = free_port()
    (data / "log").mkdir()
    (data / "log" / "analytics-api.log").write_text(json.dumps({"event": log}) + "\n")
    nobody = f"127.0.0.1:{free_port()}"
    with RunLock(data):
        RunState(
            pid=1,
            started_at=datetime(2026, 11, 23, tzinfo=UTC),
            data=data,
            public_url="",
            notifications_url="",
            analytics_url="",
            console_url="",
            database_url=f"postgresql://{nobody}/x",
            nats_url=f"nats://{nobody}",
            smtp_url=f"smtp://{nobody}",
            otlp_endpoint="",
            processes=(
                ProcessState(
                    name="analytics-api",
                    pid=4711,
                    health=health,
                    reason=reason,
                    port=port,
                    url=f"http://127.0.0.1:{port}",
                ),
            ),
        ).save()
        (result,) = await examine(Patient({}, {}, data), checks=[processes])
    (finding,) = result.findings
    assert finding.level is Level.ERROR
    return finding
