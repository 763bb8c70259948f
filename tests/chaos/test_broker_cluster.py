"""Three servers of NATS on production's configuration, each stream on all of them: one is killed under load, then the one that leads."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from chassis.broker import connect_briefly
from contracts.permissions import OPERATOR
from contracts.subjects import Topology
from tests.fixtures.arena import Arena, open_arena
from tests.fixtures.at_rest import longest_wait, nothing_lost, rest
from tests.fixtures.broker_cluster import ServerOfProduction, three_servers
from tests.fixtures.figures import say
from tests.fixtures.load import Answers, impatient
from tests.fixtures.meetups import publish_meetup
from tests.fixtures.wire import Wire

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300), pytest.mark.asyncio(loop_scope="session")]

PER_SECOND = 100
CAPACITY = 1000
BEFORE_THE_FIRST = 300
RECOVERS_WITHIN = 90.0
ANSWERS_WITHIN = 60.0

Cluster = tuple[Arena, tuple[ServerOfProduction, ...]]


@dataclass(frozen=True, slots=True)
class Killed:
    """A server that was killed, and when."""

    what: str
    at: datetime


@pytest_asyncio.fixture(loop_scope="session")
async def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cluster]:
    monkeypatch.setenv("RENCONTRES_STREAM_REPLICAS", "3")
    async with three_servers(tmp_path) as servers:
        await asyncio.gather(*(_whole(server) for server in servers))
        async with open_arena(tmp_path / "arena", nats=servers[0], drain=0.0) as arena:
            yield arena, servers


async def test_neither_a_follower_nor_the_leader_killed_under_load_costs_anything(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    arena, servers = cluster
    meetup_id = await publish_meetup(arena.site, arena.admin_token, capacity=CAPACITY)
    async with _people(arena.site, meetup_id) as answers:
        await _accepted(answers, BEFORE_THE_FIRST)
        leads = await _leader(arena, servers)
        follower = next(server for server in servers if server is not leads)
        killed = [await _kill(follower, "a follower")]
        await _written_to_somebody_of_later(arena, answers)
        await follower.start(timeout=60)
        await _whole(follower)

        leader = await _leader(arena, servers)
        killed.append(await _kill(leader, "the leader"))
        await _written_to_somebody_of_later(arena, answers)
    await leader.start(timeout=60)
    await _whole(leader)
    await rest(arena)

    stored = {i: times[0] for i, times in (await arena.stores.in_stream()).items()}
    delivered = await arena.stores.delivered()
    say(capsys, answers.rate)
    for each, end in zip(killed, (killed[1].at, datetime.now(UTC)), strict=True):
        again, heard = _silence(stored.values(), each.at, end), _silence(delivered.values(), each.at, end)
        say(capsys, f"{each.what} killed: published again after {again}, delivered again after {heard}")
    say(capsys, f"longest from stream to reader {await longest_wait(arena, answers):.1f} s")
    assert answers.refused == []
    assert len(answers.accepted) == answers.tries
    assert answers.per_second >= PER_SECOND / 2, "this machine is too busy to say what a killed server costs"
    await nothing_lost(arena, answers, capacity=CAPACITY)


@asynccontextmanager
async def _people(site: str, meetup_id: str) -> AsyncIterator[Answers]:
    wire, over, answers = Wire(site, seconds=ANSWERS_WITHIN), asyncio.Event(), Answers()
    load = asyncio.create_task(impatient(wire, meetup_id, answers, per_second=PER_SECOND, until=over))
    try:
        yield answers
    finally:
        over.set()
        await load
        await wire.close()


async def _accepted(answers: Answers, count: int) -> None:
    while len(answers.accepted) < count:  # noqa: ASYNC110 - each is a turn of the loop
        await asyncio.sleep(0.05)


async def _written_to_somebody_of_later(arena: Arena, answers: Answers) -> None:
    """Return once a mail has come to whoever registers from now on."""
    before = set(answers.accepted.values())

    def is_later(recipients: tuple[str, ...]) -> bool:
        return any(recipient not in before and recipient.endswith("@load.example") for recipient in recipients)

    await arena.sink.wait_for(lambda mail: is_later(mail.recipients), seconds=RECOVERS_WITHIN)


async def _kill(server: ServerOfProduction, what: str) -> Killed:
    assert server.pid is not None
    at = datetime.now(UTC)
    os.kill(server.pid, signal.SIGKILL)
    await server.stop()
    return Killed(what, at)


async def _leader(arena: Arena, servers: tuple[ServerOfProduction, ...]) -> ServerOfProduction:
    client = await connect_briefly(arena.nats.urls[OPERATOR], name="test", seconds=30)
    try:
        stream = await client.jetstream().stream_info(Topology().events_stream)
    finally:
        await client.close()
    assert stream.config.num_replicas == 3
    assert stream.cluster
    return next(server for server in servers if stream.cluster.leader == f"nats-{server.number}")


async def _whole(server: ServerOfProduction) -> None:
    """Return once a server has all that it should have, and knows who leads."""
    async with httpx.AsyncClient(trust_env=False, timeout=5) as http, asyncio.timeout(60):
        while not (await http.get(f"http://127.0.0.1:{server.monitoring_port}/healthz")).is_success:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def _silence(times: Iterable[datetime], since: datetime, until: datetime) -> str:
    """When the longest pause between two instants was over."""
    after = sorted(time for time in times if since <= time < until)
    pauses = [(end - start, end) for start, end in zip([since, *after], after, strict=False)]
    _, over = max(pauses)
    return f"{(over - since).total_seconds():.2f} s"
