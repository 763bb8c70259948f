"""What a container says of its health is what its process answers to the probe."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from chassis.health import Probes, ProbeServer
from chassis.healthcheck import ready
from local.ports import free_port


@pytest.fixture
async def probes() -> AsyncIterator[tuple[Probes, int]]:
    asked, port = Probes(), free_port()
    async with ProbeServer(port, asked):
        yield asked, port


async def test_it_is_well_when_the_process_is_ready(probes: tuple[Probes, int]) -> None:
    assert await asyncio.to_thread(ready, probes[1])


async def test_it_is_not_when_a_check_fails(probes: tuple[Probes, int]) -> None:
    async def broken() -> None:
        raise OSError("no database")

    probes[0].add("database", broken)
    assert not await asyncio.to_thread(ready, probes[1])


def test_it_is_not_when_nobody_listens() -> None:
    assert not ready(free_port())
