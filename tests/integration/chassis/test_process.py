"""Real processes: how they start, stop and fail, and what their exit code says."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

import httpx
import pytest

from chassis.exits import Exit

_ROOT = Path(__file__).parents[3]
_HEAD = """
import asyncio
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from chassis import process as p
from chassis.health import Probes, ProbeServer
from chassis.settings import ChassisSettings

async def main(process):
{body}

p.run(main, service="test", process="subject")
"""
Start = Callable[..., Coroutine[None, None, Process]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    started: list[Process] = []

    async def _start(body: str, **environment: str) -> Process:
        program = _HEAD.format(body="\n".join(f"    {line}" for line in body.strip().splitlines()))
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, cwd=_ROOT, env=os.environ | environment, stdout=PIPE, stderr=PIPE
        )
        started.append(child)
        return child

    yield _start
    for child in started:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def _ended(child: Process) -> tuple[int, list[dict[str, object]], str]:
    out, err = await asyncio.wait_for(child.communicate(), 40)
    lines = [json.loads(line) for line in out.decode().splitlines() if line.startswith("{")]
    assert child.returncode is not None
    return child.returncode, lines, err.decode()


async def _line(child: Process, event: str) -> dict[str, object]:
    assert child.stdout is not None
    while line := await asyncio.wait_for(child.stdout.readline(), 20):
        parsed: dict[str, object] = json.loads(line)
        if parsed["event"] == event:
            return parsed
    raise AssertionError(f"the process ended without saying {event!r}")


async def test_a_process_that_is_done_exits_with_0(start: Start) -> None:
    code, lines, _ = await _ended(await start("process.started()"))

    assert code == Exit.STOPPED
    assert [line["event"] for line in lines] == ["started", "stopped"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_work_under_way_finish_and_exits_with_0(start: Start, number: signal.Signals) -> None:
    child = await start("""
process.started()
await process.stopping.wait()
await asyncio.sleep(0.05)
p._log.info("finished what was under way")
""")
    await _line(child, "started")
    child.send_signal(number)
    code, lines, _ = await _ended(child)

    assert code == Exit.STOPPED
    assert [line["event"] for line in lines] == ["stopping", "finished what was under way", "stopped"]


async def test_work_that_does_not_end_is_given_up_after_the_grace(start: Start) -> None:
    child = await start("""
p.GRACE = 0.2
process.started()
await asyncio.Event().wait()
""")
    await _line(child, "started")
    child.terminate()
    code, lines, _ = await _ended(child)

    assert code == Exit.STOPPED
    assert "work under way was not done in time" in [line["event"] for line in lines]


async def test_bad_settings_exit_with_64_and_one_line_that_says_what_to_do(start: Start) -> None:
    child = await start("ChassisSettings()", RENCONTRES_NATS_URL="not a url", RENCONTRES_PROBE_PORT="999999")
    code, lines, err = await _ended(child)

    assert code == Exit.CONFIGURATION
    assert len(lines) == 1
    assert "set RENCONTRES_NATS_URL: " in str(lines[0]["event"])
    assert "set RENCONTRES_PROBE_PORT: " in str(lines[0]["event"])
    assert "not a url" not in str(lines[0])
    assert err == ""


async def test_a_dependency_that_does_not_answer_at_the_start_exits_with_69(start: Start) -> None:
    code, lines, _ = await _ended(await start('await asyncio.open_connection("127.0.0.1", 9)'))

    assert code == Exit.UNREACHABLE
    assert "ConnectionRefusedError" in str(lines[-1]["reason"])


async def test_a_dependency_lost_later_exits_with_75(start: Start) -> None:
    code, _, _ = await _ended(await start('process.started()\nawait asyncio.open_connection("127.0.0.1", 9)'))

    assert code == Exit.LOST


async def test_a_callback_may_say_that_what_the_process_stands_on_is_gone(start: Start) -> None:
    code, lines, _ = await _ended(
        await start("""
process.started()
asyncio.get_running_loop().call_later(0.05, process.lose, "broker: connection closed for good")
await process.stopping.wait()
""")
    )

    assert code == Exit.LOST
    assert "connection closed for good" in str(lines[-1]["reason"])


async def test_what_is_closed_on_the_way_out_is_not_lost(start: Start) -> None:
    child = await start("""
process.started()
await process.stopping.wait()
process.lose("broker: closed by ourselves")
""")
    await _line(child, "started")
    child.terminate()

    assert (await _ended(child))[0] == Exit.STOPPED


async def test_an_unforeseen_failure_exits_with_70_and_shows_where_but_not_what_it_said(start: Start) -> None:
    code, lines, _ = await _ended(await start('raise RuntimeError("Camille Durand")'))

    assert code == Exit.BUG
    assert lines[-1]["error"] == "RuntimeError"
    assert "Camille" not in str(lines)


async def test_jobs_run_side_by_side_and_the_first_failure_ends_them_all(start: Start) -> None:
    code, lines, _ = await _ended(
        await start("""
async def fails():
    raise RuntimeError
async def runs():
    try:
        await asyncio.Event().wait()
    finally:
        p._log.info("cleaned up")
await process.until_stopped(runs(), fails())
""")
    )

    assert code == Exit.BUG
    assert "cleaned up" in [line["event"] for line in lines]


async def test_jobs_end_without_a_word_when_the_process_is_stopped(start: Start) -> None:
    child = await start("""
process.started()
await process.until_stopped(asyncio.Event().wait(), asyncio.Event().wait())
""")
    await _line(child, "started")
    child.terminate()
    code, lines, _ = await _ended(child)

    assert code == Exit.STOPPED
    assert [line["event"] for line in lines] == [
        "stopping",
        "stopped",
    ]  # and no word of asyncio about what was cancelled


async def test_a_server_finishes_the_requests_under_way_and_then_stops(start: Start) -> None:
    child = await start("""
async def slow(request):
    p._log.info("request came")
    await process.stopping.wait()
    await asyncio.sleep(0.2)
    return PlainTextResponse("done")
await process.serve(Starlette(routes=[Route("/slow", slow)]), host="127.0.0.1", port=0, probes=Probes())
""")
    port = (await _line(child, "serving"))["port"]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        request = asyncio.create_task(client.get("/slow"))
        await _line(child, "request came")
        child.terminate()
        response = await request
        code, _, _ = await _ended(child)

        assert (response.status_code, response.text, code) == (200, "done", Exit.STOPPED)
        assert "server" not in response.headers
        with pytest.raises(httpx.ConnectError):
            await client.get("/slow")


async def test_a_server_that_is_to_stop_says_so_and_yet_serves_until_whoever_balances_has_noticed(start: Start) -> None:
    child = await start("""
probes = Probes()
async def hello(request):
    return PlainTextResponse("hello")
p.GRACE = 40.0
await process.serve(
    Starlette(routes=[Route("/hello", hello), *probes.routes()]), host="127.0.0.1", port=0, probes=probes, drain=30.0
)
""")
    port = (await _line(child, "serving"))["port"]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        kept = await client.get("/hello")
        assert "connection" not in kept.headers
        assert (await client.get("/readyz")).status_code == 200
        child.terminate()
        await _line(child, "stopping")

        while (asked := await client.get("/readyz")).is_success:  # noqa: ASYNC110 - each question is a turn of its loop
            await asyncio.sleep(0)
        assert asked.json()["status"] == "stopping"
        last = await client.get("/hello")
        assert (last.status_code, last.headers["connection"]) == (200, "close")
        assert (await client.get("/hello")).status_code == 200  # over a connection that was not there before

    child.terminate()  # asked a second time, it goes at once
    code, _, _ = await _ended(child)
    assert code == Exit.STOPPED


async def test_a_server_that_lost_what_it_stands_on_does_not_go_on_serving(start: Start) -> None:
    child = await start("""
asyncio.get_running_loop().call_later(0.05, process.lose, "broker: connection closed for good")
process.started()
await process.serve(Starlette(), host="127.0.0.1", port=0, probes=Probes(), drain=3600.0)
""")
    code, _, _ = await _ended(child)

    assert code == Exit.LOST


async def test_a_port_that_is_taken_is_said_in_one_line(start: Start) -> None:
    child = await start("""
async with ProbeServer(0, Probes()) as first:
    async with ProbeServer(first.port, Probes()):
        pass
""")
    code, lines, _ = await _ended(child)

    assert code == Exit.PORT_TAKEN
    assert "Address already in use" in str(lines[-1]["event"])


async def test_an_application_that_fails_at_its_start_up_does_not_take_the_loop_with_it(start: Start) -> None:
    child = await start("""
import contextlib
@contextlib.asynccontextmanager
async def lifespan(app):
    raise RuntimeError("no")
    yield
await process.serve(Starlette(lifespan=lifespan), host="127.0.0.1", port=0, probes=Probes())
""")
    code, lines, _ = await _ended(child)

    assert code == Exit.BUG
    assert lines[-1]["error"] == "ApplicationDidNotStart: the application failed at its start-up"


async def test_the_probes_of_a_process_are_served_by_its_own_loop(start: Start) -> None:
    child = await start("""
async def well(): pass
p.telemetry.OUTBOX_ROWS.set(3)
async with ProbeServer(0, Probes({"loop": well})) as server:
    p._log.info("probes", port=server.port)
    await process.stopping.wait()
""")
    port = (await _line(child, "probes"))["port"]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).json()["checks"]["loop"]["ok"]
        assert "rencontres_outbox_rows 3.0" in (await client.get("/metrics")).text
    child.terminate()

    assert (await _ended(child))[0] == Exit.STOPPED
