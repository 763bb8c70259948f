"""A hundred registrations a second for twenty seconds, and one fault among them; afterwards nothing is lost and nothing doubled."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from local.mail_sink import Refusal
from services.notifications.settings import NotificationSettings
from tests.fixtures.arena import Arena
from tests.fixtures.at_rest import nothing_lost, rest
from tests.fixtures.load import steady
from tests.fixtures.meetups import publish_meetup

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300), pytest.mark.asyncio(loop_scope="session")]

PER_SECOND = 100
SECONDS = 20
CAPACITY = 1500
STRIKES_AFTER = 5.0

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
    await rest(arena)
    await nothing_lost(arena, answers, capacity=CAPACITY, doubled_at_most=doubled_at_most)
