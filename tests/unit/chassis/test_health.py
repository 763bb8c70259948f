"""The answers of the probes, asked for over ASGI."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette

from chassis.health import Probes


def _client(probes: Probes) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=probes.routes())), base_url="http://probe")


async def _well() -> None:
    return None


async def _remark() -> str:
    return "12 ms"


async def _refused() -> None:
    raise ConnectionRefusedError(111, "Connection refused")


async def _says_a_name() -> None:
    raise ValueError("Camille Durand")


async def _never() -> None:
    await asyncio.Event().wait()


async def test_a_process_whose_checks_pass_is_ready_and_says_so_check_by_check() -> None:
    async with _client(Probes({"database": _well, "broker": _remark})) as client:
        response = await client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["status"] == "ready"
    assert {name: (check["ok"], check["detail"]) for name, check in response.json()["checks"].items()} == {
        "database": (True, ""),
        "broker": (True, "12 ms"),
    }


async def test_one_failing_check_is_enough_to_be_not_ready_and_says_why() -> None:
    async with _client(Probes({"database": _well, "broker": _refused})) as client:
        response = await client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["status"] == "not ready"
    assert "Connection refused" in response.json()["checks"]["broker"]["detail"]


async def test_a_check_that_hangs_is_bounded_and_counts_as_failed() -> None:
    async with _client(Probes({"database": _never, "broker": _well}, timeout=0.02)) as client:
        checks = (await client.get("/readyz")).json()["checks"]

    assert checks["database"] == checks["database"] | {"ok": False, "detail": "no answer within 0.02 s"}
    assert checks["broker"]["ok"]


async def test_what_an_exception_says_about_people_is_not_shown() -> None:
    async with _client(Probes({"odd": _says_a_name})) as client:
        assert (await client.get("/readyz")).json()["checks"]["odd"]["detail"] == "ValueError"


async def test_since_tells_when_a_check_last_changed_its_mind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.health.FRESH_FOR", -1.0)
    outcomes = [False, True, True]

    async def moody() -> None:
        if not outcomes.pop(0):
            raise ConnectionResetError

    probes = Probes({"broker": moody})
    _, first = await probes.ask()
    _, second = await probes.ask()
    _, third = await probes.ask()

    assert [states["broker"].ok for states in (first, second, third)] == [False, True, True]
    assert first["broker"].since <= second["broker"].since == third["broker"].since


async def test_many_askers_cost_one_round_of_checks() -> None:
    rounds = 0

    async def counted() -> None:
        nonlocal rounds
        rounds += 1

    probes = Probes({"database": counted})
    await asyncio.gather(*(probes.ask() for _ in range(50)))

    assert rounds == 1


async def test_a_process_that_is_being_stopped_is_alive_but_no_longer_ready() -> None:
    probes = Probes({"database": _well})
    probes.stop()
    async with _client(probes) as client:
        assert (await client.get("/healthz")).json() == {"status": "alive"}
        response = await client.get("/readyz")

    assert (response.status_code, response.json()["status"]) == (503, "stopping")


async def test_metrics_are_prometheus_text_and_nothing_is_cached() -> None:
    async with _client(Probes()) as client:
        response = await client.get("/metrics")

    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert response.headers["cache-control"] == "no-store"
