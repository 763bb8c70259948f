"""The pages of traces and health, and what stands before all pages."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from local.console.guard import CONTENT_SECURITY_POLICY
from local.life import Health
from local.ports import free_port
from local.run_state import ProcessState, RunState
from tests.fixtures import recorded_run as recorded
from tests.fixtures.recorded_run import RecordedRun
from tests.integration.local.console.conftest import Console, serving

REFERENCE = "R-7K4QX-9M2TC"


async def _everything(console: Console) -> None:
    run = RecordedRun(start=recorded.DAY)
    recorded.record_registration(run, REFERENCE)
    recorded.record_page_view(run, REFERENCE, at=50_000)
    recorded.record_confirmation(run, REFERENCE, at=94_000)
    await asyncio.to_thread(run.export, console.url)


@pytest.mark.parametrize("typed", [REFERENCE, "r-7k4qx-9m2tc", " 7K4QX 9M2TC "])
async def test_a_reference_leads_to_its_story_however_it_is_typed(console: Console, typed: str) -> None:
    await _everything(console)
    answer = await console.http.get("/traces", params={"reference": typed})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/references/{REFERENCE}")


async def test_the_story_says_every_hop_in_words_with_its_mails(console: Console) -> None:
    await _everything(console)
    mail_id = await console.mail("ada@example.org", REFERENCE)
    page = (await console.http.get(f"/references/{REFERENCE}")).text
    for words in (
        "Registration", "Confirmation of the seat", "Page viewed", "4.16 s later", "shared, batch of 37",
        "Published 37 messages to rencontres.events", "Mail handed to the SMTP server 127.0.0.1", "SMTPServerDisconnected",
    ):  # fmt: skip
        assert words in page
    assert f'href="/mailbox/{mail_id}"' in page
    assert "style=" not in page


async def test_a_mail_leads_back_to_what_caused_it(console: Console) -> None:
    await _everything(console)
    mail_id = await console.mail("ada@example.org", REFERENCE)
    assert f'href="/references/{REFERENCE}"' in (await console.http.get(f"/mailbox/{mail_id}")).text


async def test_the_list_shows_registrations_or_errors_or_everything(console: Console) -> None:
    await _everything(console)
    counts = {}
    for only in ("registrations", "errors", "all"):
        page = (await console.http.get("/traces", params={"only": only})).text
        counts[only] = len(re.findall(r'class="entry-title" href="(/traces/[0-9a-f]{32})"', page))
    assert counts == {"registrations": 39, "errors": 1, "all": 43}
    assert (await console.http.get(f"/traces/{next(console.traces.recent()).trace_id}")).status_code == 200


async def test_what_is_unknown_is_said_and_nothing_typed_becomes_markup(console: Console) -> None:
    page = await console.http.get("/traces", params={"reference": '"><script>alert(1)</script>'})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert (await console.http.get("/references/R-00000-00000")).status_code == 404
    assert (await console.http.get("/traces/xyz")).status_code == 404
    assert (await console.http.get("/nowhere")).status_code == 404
    assert (await console.http.get("/api/references/R-00000-00000")).json()["spans"] == []


async def test_the_overview_asks_every_process_and_says_what_is_wrong(console: Console) -> None:
    relay = 'rencontres_outbox_age_seconds 0.02\nrencontres_consumer_lag_messages{consumer="mails"} 12.0\n'
    async with _process(200, relay) as good, _process(503, "") as ill:
        _write_state(console.state, {"relay": good, "sender": ill, "away": free_port(), "postgres": None})
        health = (await console.http.get("/api/health")).json()
        page = (await console.http.get("/")).text
    processes = {process["name"]: process for process in health["processes"]}
    assert (processes["relay"]["level"], processes["relay"]["words"]) == ("well", "ready")
    assert processes["sender"]["words"] == "not ready"
    assert processes["sender"]["reason"] == "mail server: ConnectionRefusedError"
    assert processes["away"]["words"] == "does not answer"
    assert (processes["postgres"]["words"], processes["postgres"]["restarts"]) == ("runs", 2)
    assert health["headline"] == "2 things need a look"
    assert health["consumers"] == [
        {"name": "mails", "lag": 12, "dead_letters": None, "level": "well"},
    ]
    for words in ("20 ms", "2 things need a look", "does not answer"):
        assert words in page


async def test_a_process_that_hangs_does_not_hang_the_overview(console: Console) -> None:
    async def never(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    _write_state(console.state, {"frozen": server.sockets[0].getsockname()[1]})
    health = (await console.http.get("/api/health", timeout=4)).json()
    server.close()
    assert health["headline"] == "frozen does not answer"


async def test_without_a_run_the_console_works_all_the_same(console: Console) -> None:
    console.state.write_text("{half")
    assert "No process is known yet" in (await console.http.get("/")).text


@pytest.mark.parametrize("path", ["/", "/mailbox", "/traces", "/api/mailbox", "/v1/traces", "/static/console.css"])
async def test_another_host_name_is_turned_away(console: Console, path: str) -> None:
    answer = await console.http.get(path, headers={"host": "rebound.example"})
    assert answer.status_code == 421
    assert "mail" not in answer.text.lower()


@pytest.mark.parametrize("path", ["/", "/mailbox", "/traces", "/nowhere", "/api/stats", "/static/console.js"])
async def test_every_answer_carries_the_strict_policy(console: Console, path: str) -> None:
    answer = await console.http.get(path)
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "http:" not in re.sub(r"http://(127\.0\.0\.1|www\.w3\.org)", "", answer.text)


async def test_the_probes_answer_and_the_metrics_count(console: Console) -> None:
    await _everything(console)
    assert (await console.http.get("/readyz")).status_code == 200
    assert f"rencontres_console_spans {console.traces.span_count}\n" in (await console.http.get("/metrics")).text


@asynccontextmanager
async def _process(status: int, metrics: str) -> AsyncIterator[int]:
    """A process that answers its probes."""
    check = {"ok": status == 200, "detail": "" if status == 200 else "ConnectionRefusedError", "since": ""}

    async def ready(_request: Request) -> Response:
        return JSONResponse({"status": "", "checks": {"mail server": check}}, status_code=status)

    async def figures(_request: Request) -> Response:
        return PlainTextResponse(metrics)

    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(
            serving(Starlette(routes=[Route("/readyz", ready), Route("/metrics", figures)]))
        )
        yield int(url.rpartition(":")[2])


def _write_state(state: Path, ports: dict[str, int | None]) -> None:
    processes = tuple(
        ProcessState(name=name, pid=os.getpid(), health=Health.READY, restarts=2, port=port)
        for name, port in ports.items()
    )
    RunState(
        pid=os.getpid(), started_at=datetime.now(UTC), data=state.parent, public_url="http://127.0.0.1:8000", notifications_url="",
        analytics_url="http://127.0.0.1:8002", console_url="", database_url="", nats_url="", smtp_url="", otlp_endpoint="",
        processes=processes,
    ).save()  # fmt: skip
