"""A disk that fills while everything runs: people are asked to come back, nobody is lost, and with room again all goes on."""

import json
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.fixtures.arena import Arena, open_arena
from tests.fixtures.at_rest import nothing_lost, rest
from tests.fixtures.load import Answers, ask, register
from tests.fixtures.meetups import publish_meetup
from tests.fixtures.small_disk import SmallDisk, small_disk
from tests.fixtures.wire import Wire

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300), pytest.mark.asyncio(loop_scope="session")]

CAPACITY = 5000
AT_MOST = 3000
"""Registrations that fit into what PostgreSQL had set aside before the disk was full; far fewer do."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def disk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SmallDisk]:
    with small_disk(tmp_path_factory.mktemp("full") / "disk", megabytes=600) as disk:
        yield disk


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def arena(disk: SmallDisk) -> AsyncIterator[Arena]:
    """A network all of whose data lie on the disk."""
    async with open_arena(disk.place / "network") as arena:
        yield arena


async def test_a_disk_that_fills_asks_people_back_and_loses_nobody(arena: Arena, disk: SmallDisk) -> None:
    meetup_id = await publish_meetup(arena.site, arena.admin_token, capacity=CAPACITY)
    answers, statuses = Answers(), list[int]()
    site = Wire(arena.site)
    await register((site,), meetup_id, _address(), answers)
    disk.fill()
    while 503 not in statuses:
        assert len(statuses) < AT_MOST
        answer = await ask(site, meetup_id, address := _address(), str(uuid4()))
        statuses.append(answer.status)
        if answer.status == 201:
            answers.take(json.loads(answer.body), address)
        disk.fill()
    assert set(statuses) <= {201, 503}
    disk.make_room()
    await arena.nats.stop()  # a stream that could not be written refuses everything until its server is started anew
    await arena.nats.start()
    for _ in range(20):
        await register((site,), meetup_id, _address(), answers)
    await site.close()

    assert answers.refused == []
    await rest(arena)
    await nothing_lost(arena, answers, capacity=CAPACITY)


def _address() -> str:
    return f"{uuid4().hex}@disk.example"
