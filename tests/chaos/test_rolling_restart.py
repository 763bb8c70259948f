"""A new release under load: two of each process, ended and started again one after the other while people register.

Roles go at the same time or one by one, as whoever deploys likes; the two of one role never do.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from local.program import PythonProcess
from local.supervisor import Watched
from tests.fixtures.arena import Arena
from tests.fixtures.at_rest import longest_wait, nothing_lost, rest
from tests.fixtures.balancer import Balancer, balanced
from tests.fixtures.figures import say
from tests.fixtures.load import Answers, impatient
from tests.fixtures.meetups import publish_meetup
from tests.fixtures.replicas import cut_short, doubled, restart
from tests.fixtures.truth import Stores

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300), pytest.mark.asyncio(loop_scope="session")]

PER_SECOND = 100
CAPACITY = 1000
LOOKS_EVERY = 0.4
SITE = "registration-api"
AT_THE_SAME_TIME = (
    (SITE, "registration-relay", "analytics-api"),
    ("notifications-worker", "registration-worker", "provisioner"),
    ("analytics-projector", "notifications-sender"),
)


async def test_nobody_notices_that_every_process_is_replaced(arena: Arena, capsys: pytest.CaptureFixture[str]) -> None:
    arena.sink.clear()
    meetup_id = await publish_meetup(arena.site, arena.admin_token, capacity=CAPACITY)
    async with doubled(arena) as roles, balanced(*_urls(roles[SITE])) as balancer, leaders(arena.stores) as seen:
        assert {role for group in AT_THE_SAME_TIME for role in group} == roles.keys()
        over, answers = asyncio.Event(), Answers()
        load = asyncio.create_task(impatient(balancer, meetup_id, answers, per_second=PER_SECOND, until=over))
        try:
            await _replace_all(roles)
        finally:
            over.set()
            await load
        await rest(arena)

    say(
        capsys,
        f"{answers.rate}, {_shares(balancer)}; {sum(len(those) for those in roles.values())} processes replaced, "
        f"{len(seen)} relays led in turn, longest from stream to reader {await longest_wait(arena, answers):.1f} s",
    )
    assert answers.refused == [], Counter(answers.refused)
    assert len(answers.accepted) == answers.tries
    assert answers.per_second >= PER_SECOND / 2, "this machine is too busy to say that nobody noticed"
    assert balancer.sent_elsewhere == 0, "a door was closed while people were still sent to it"
    assert cut_short(arena) == [], "work under way was given up"
    assert all(replica.served for replica in balancer.replicas)
    assert len(seen) >= 2, "the lead was never handed over"
    await nothing_lost(arena, answers, capacity=CAPACITY)


async def _replace_all(roles: dict[str, tuple[Watched, ...]]) -> None:
    for group in AT_THE_SAME_TIME:
        async with asyncio.TaskGroup() as at_once:
            for role in group:
                at_once.create_task(_one_after_the_other(roles[role]))


async def _one_after_the_other(replicas: tuple[Watched, ...]) -> None:
    for each in replicas:
        await restart(each)


@asynccontextmanager
async def leaders(stores: Stores) -> AsyncIterator[set[int]]:
    """The connections that were seen to hold the relays' lock."""
    seen: set[int] = set()

    async def look() -> None:
        while True:
            seen.update(await stores.leading_relays())
            await asyncio.sleep(LOOKS_EVERY)

    looking = asyncio.create_task(look())
    try:
        yield seen
    finally:
        looking.cancel()
        for result in await asyncio.gather(looking, return_exceptions=True):
            assert isinstance(result, asyncio.CancelledError), result


def _urls(replicas: tuple[Watched, ...]) -> list[str]:
    return [each.program.url for each in replicas if isinstance(each.program, PythonProcess)]


def _shares(balancer: Balancer) -> str:
    served = " and ".join(str(replica.served) for replica in balancer.replicas)
    return f"{served} by the two sites, {balancer.sent_elsewhere} sent to the other before a byte had gone"
