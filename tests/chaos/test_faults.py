"""A hundred registrations a second for twenty seconds, and one fault among them; afterwards nothing is lost and nothing doubled."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from local.mail_sink import Refusal
from services.notifications.settings import NotificationSettings
from tests.fixtures.arena import Arena
from tests.fixtures.load import Answers, steady
from tests.fixtures.meetups import publish_meetup

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300), pytest.mark.asyncio(loop_scope="session")]

PER_SECOND = 100
SECONDS = 20
CAPACITY = 1500
STRIKES_AFTER = 5.0
REST_WITHIN = 150.0

SENDER_CONNECTIONS: int = NotificationSettings.model_fields["smtp_connections"].default
"""Mails that a killed sender may have under way: each may have been accepted by the mail server without being noted, and comes twice."""


@pytest.mark.parametrize(
    ("process", "doubled_at_most"),
    [
        ("provisioner", 0),
        ("registration-api", 0),
        ("registration-relay", 0),
        ("registration-worker", 0),
        ("notifications-worker", 0),
        ("notifications-sender", SENDER_CONNECTIONS),
        ("analytics-projector", 0),
    ],
)
async def test_a_killed_process_loses_nothing(arena: Arena, process: str, doubled_at_most: int) -> None:
    async def kill() -> None:
        arena.kill(process)

    await _survives(arena, kill, doubled_at_most=doubled_at_most)


async def test_a_broker_that_is_away_for_half_a_minute_loses_nothing(arena: Arena) -> None:
    async def away() -> None:
        await arena.nats.stop()
        await asyncio.sleep(30)
        await arena.nats.start()

    await _survives(arena, away)


async def test_a_broker_that_lost_its_disk_loses_nothing(arena: Arena) -> None:
    async def lose_disk() -> None:
        await arena.nats.stop()
        arena.nats.wipe()
        await arena.nats.start()

    await _survives(arena, lose_disk)


async def test_a_database_that_crashed_loses_nothing(arena: Arena) -> None:
    async def crash() -> None:
        await arena.postgres.stop(mode="immediate")
        await arena.postgres.start()

    # The sender may have handed over mails that the crashed database could not note any more.
    await _survives(arena, crash, doubled_at_most=SENDER_CONNECTIONS)


async def test_a_mail_server_that_refuses_delays_mail_and_loses_none(arena: Arena) -> None:
    async def refuse() -> None:
        arena.sink.refusing = Refusal.SENDER
        await asyncio.sleep(10)
        arena.sink.refusing = None

    await _survives(arena, refuse)


async def _survives(arena: Arena, fault: Callable[[], Awaitable[None]], *, doubled_at_most: int = 0) -> None:
    arena.sink.clear()
    meetup_id = await publish_meetup(arena.site, arena.admin_token, capacity=CAPACITY)
    answers = await steady(
        (arena.site,), meetup_id, per_second=PER_SECOND, seconds=SECONDS, after=STRIKES_AFTER, fault=fault
    )
    assert answers.refused == []
    assert len(answers.accepted) == PER_SECOND * SECONDS
    await _rest(arena)
    await _nothing_lost(arena, answers, doubled_at_most=doubled_at_most)


async def _rest(arena: Arena) -> None:
    """Wait until nothing is under way any more; other processes have no event to give, so they are asked."""
    stores, deadline = arena.stores, time.monotonic() + REST_WITHIN
    while True:
        left = (await stores.outbox(), await stores.lag(), await stores.waiting_mails())
        if left == (0, 0, 0):
            return
        assert time.monotonic() < deadline, f"outbox, consumer lag, waiting mails are still {left}"
        await asyncio.sleep(0.25)


async def _nothing_lost(arena: Arena, answers: Answers, *, doubled_at_most: int) -> None:
    stores, accepted = arena.stores, set(answers.accepted)
    registered, reported = await stores.registered(), await stores.reported()
    assert accepted <= registered.keys(), "answered 201, but not in the database"
    assert accepted <= await stores.in_stream(), "answered 201, but not in the stream"
    assert {i: registered[i] for i in accepted} == {i: reported.get(i) for i in accepted}, "the report says otherwise"
    assert await stores.oversold() == []
    assert sum(registered[i] == "held" for i in accepted) == CAPACITY
    mails = stores.mails(answers.accepted.values())
    without = [address for address in answers.accepted.values() if not mails[address]]
    assert without == [], "answered 201, but never written to"
    doubled = [address for address in answers.accepted.values() if mails[address] > 1]
    assert len(doubled) <= doubled_at_most, "mails sent twice"
    code, output = await arena.run("services.analytics", "rebuild", "--check")
    assert code == 0, f"the rebuilt report is not the live one:\n{output}"
