"""The live view shows every process, why one is ill, and all that operators watch."""

import re
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from local.console.gauges import read_gauges
from local.console.health import Health, ProcessHealth
from local.console.levels import Level
from local.console.prometheus_text import Sample
from local.run_state import RunState
from local.status_view import ROWS, view


def test_processes_with_their_reasons_and_all_signals_are_drawn() -> None:
    gauges = read_gauges(
        [
            Sample("rencontres_seats_oversold", {}, 1),
            Sample("rencontres_outbox_age_seconds", {}, 0.2),
            Sample("rencontres_consumer_lag_messages", {"consumer": "analytics"}, 12),
        ]
    )
    ill = ProcessHealth("analytics-api", Level.TROUBLE, "is gone", "set [RENCONTRES_X]: no", 8002, None, 3)
    text = _drawn(Health([ill], gauges, Level.TROUBLE, "2 things need a look", []))

    for expected in ("analytics-api", "is gone", "set [RENCONTRES_X]: no", "2 things need a look"):
        assert expected in text
    for signal in ("Seats oversold", "Dead letters", "Outbox age", "Consumer lag", "Delivery age", "Mails given up"):
        assert signal in text
    assert "12 behind" in text


def test_on_a_small_terminal_what_is_ill_and_every_signal_still_fit() -> None:
    well = [ProcessHealth(f"process-{n}", Level.WELL, "ready", "", 8000 + n, n, 0) for n in range(10)]
    ill = ProcessHealth("analytics-api", Level.TROUBLE, "has stopped", "migrate first: " * 6, 8002, None, 3)
    text = _drawn(Health([*well, ill], read_gauges([]), Level.TROUBLE, "2 things need a look", []), width=80, rows=24)

    assert len(text.splitlines()) < 24
    assert re.search(r"10 of them +ready", text)
    assert "analytics-api" in text
    for signal in ("Seats oversold", "Mails waiting"):
        assert signal in text


def _drawn(health: Health, *, width: int = 200, rows: int = ROWS) -> str:
    console = Console(width=width, record=True, force_terminal=False)
    run = RunState(
        pid=1,
        started_at=datetime(2026, 11, 23, tzinfo=UTC),
        data=Path("var"),
        public_url="http://127.0.0.1:8000",
        notifications_url="",
        analytics_url="",
        console_url="",
        database_url="",
        nats_url="",
        smtp_url="",
        otlp_endpoint="",
    )
    with console.capture() as captured:
        console.print(view(health, run, rows=rows))
    return captured.get()
