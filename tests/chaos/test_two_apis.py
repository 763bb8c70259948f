"""Two API processes share one hot meetup, and one of them is killed in the middle of the rush."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from local.ports import free_port
from local.program import answers as is_ready
from tests.fixtures.arena import Arena
from tests.fixtures.load import Answers, register, wires
from tests.fixtures.meetups import publish_meetup

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120), pytest.mark.asyncio(loop_scope="session")]

PEOPLE = 200
CAPACITY = 120
ALLOWED = 138
KILLED_AFTER = 40


async def test_exactly_the_allowed_seats_are_given_when_one_of_two_apis_is_killed(arena: Arena) -> None:
    meetup_id = await publish_meetup(arena.site, arena.admin_token, capacity=CAPACITY, overbooking_percent=15)
    answers = Answers()
    async with _second_api(arena) as (second, process), wires(arena.site, second) as to, asyncio.TaskGroup() as people:
        for number in range(PEOPLE):
            people.create_task(register(to, meetup_id, f"rush{number}@two.example", answers))
        people.create_task(_kill_midway(process, answers))

    assert answers.refused == []
    assert len(answers.accepted) == PEOPLE
    registered = await arena.stores.registered()
    assert set(answers.accepted) <= registered.keys(), "answered 201, but not in the database"
    assert sum(registered[i] in ("held", "confirmed") for i in answers.accepted) == ALLOWED
    assert sum(registered[i] == "waitlisted" for i in answers.accepted) == PEOPLE - ALLOWED
    assert await arena.stores.oversold() == []
    in_line = await arena.stores.waiting_line(meetup_id)
    told = sorted(answers.positions, key=lambda registration_id: answers.positions[registration_id])
    assert [answers.positions[i] for i in told] == list(range(1, PEOPLE - ALLOWED + 1))
    assert told == in_line, "the positions told are not the order of the waiting list"


async def _kill_midway(process: asyncio.subprocess.Process, answers: Answers) -> None:
    while len(answers.accepted) < KILLED_AFTER:  # noqa: ASYNC110 - every answer is a turn of the loop
        await asyncio.sleep(0)
    os.kill(process.pid, signal.SIGKILL)


@asynccontextmanager
async def _second_api(arena: Arena) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.registration",
        "api",
        "--port",
        str(port),
        env=arena.environment("services.registration", "api"),
        stdout=asyncio.subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(30):
            while not await is_ready(f"{url}/readyz"):  # noqa: ASYNC110 - another process has no event to give
                await asyncio.sleep(0.1)
        yield url, process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
