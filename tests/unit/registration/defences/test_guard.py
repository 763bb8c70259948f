"""What a flood can do to the memory of the limits, and what is told of an attack."""

from datetime import UTC, datetime, timedelta
from weakref import WeakSet

import pytest
from opentelemetry.metrics import CallbackOptions
from starlette.types import Message, Receive, Scope, Send

from chassis.clock import ManualClock
from services.registration.defences import desk as desks
from services.registration.defences.alarm import CALM
from services.registration.defences.desk import Defences
from services.registration.defences.guard import Guard
from services.registration.defences.kinds import Kind
from services.registration.defences.settings import DefenceSettings

NOW = datetime(2027, 3, 18, 9, tzinfo=UTC)

REGISTERING = ("POST", "/api/v1/meetups/1/registrations")
ORGANISING = ("GET", "/api/v1/meetups/1/registrations")


async def _unknown_token(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 401, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def _status(guard: Guard, asked: tuple[str, str], *headers: tuple[bytes, bytes], address: str) -> int:
    method, path = asked
    statuses = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": list(headers),
        "client": (address, 1),
    }
    await guard(scope, receive, send)
    return int(statuses[0])


async def test_sixty_thousand_refused_organisers_do_not_reopen_a_refused_registration() -> None:
    desk = Defences(DefenceSettings(limit_registrations="1/600"), ManualClock(NOW))
    guard = Guard(_unknown_token, defences=desk)
    here = "203.0.113.9"
    assert await _status(guard, REGISTERING, address=here) == 401
    assert await _status(guard, REGISTERING, address=here) == 429
    for number in range(60_000):
        await _status(guard, ORGANISING, (b"authorization", f"Bearer {number}".encode()), address=here)
    assert await _status(guard, REGISTERING, address=here) == 429
    assert len(desk._limiter) < 40, "tokens of who only guesses are not kept"


def test_the_gauge_falls_when_an_attack_is_over_although_nobody_sends_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "_open", WeakSet())
    clock = ManualClock(NOW)
    desk = Defences(DefenceSettings(limit_links="1/600", challenge_threshold=1), clock)

    def told() -> list[int | float]:
        return [observed.value for observed in desks._active(CallbackOptions())]

    assert told() == [0]
    for _ in range(2):
        desk.ask(desk.by_network[Kind.LINKS], b"network", network=b"network")
    assert told() == [1]
    clock.advance(timedelta(seconds=CALM))
    assert told() == [0]
