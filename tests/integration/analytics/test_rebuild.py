"""A rebuild gives what the live set has, loses nothing, and says so when it would."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from random import Random
from uuid import uuid4

import asyncpg
import pytest
from nats.js import JetStreamContext

from chassis.consumer import EventConsumer
from chassis.database import Database
from chassis.provisioning import provision
from contracts.catalogue import MEETUP_PUBLISHED
from contracts.subjects import Topology
from services.analytics.rebuild.rebuilding import Rebuild, RebuildRunning, WouldLose
from services.analytics.rebuild.replay import ReplayBroken
from services.analytics.store import QUERIES
from tests.fixtures.reporting import meetup, recount, registration
from tests.integration.analytics.conftest import apply, publish, sums
from tests.integration.analytics.test_projection import history

Projecting = Callable[[], AbstractAsyncContextManager[EventConsumer]]


async def old_sets(database: Database) -> list[str]:
    async with database.connection() as connection:
        return [row["name"] for row in await QUERIES.old_sets.fetch(connection)]


async def test_the_rebuilt_set_equals_the_live_one_whatever_that_one_saw(
    database: Database, js: JetStreamContext, topology: Topology
) -> None:
    places = [meetup() for _ in range(3)]
    events = [*places, *history([place.aggregate_id for place in places], Random(5), registrations=200)]
    await publish(js, topology, events)
    delivered = events * 2
    Random(6).shuffle(delivered)
    await apply(database, delivered, batch=33)
    before = await sums(database)

    outcome = await Rebuild(database, js, topology).run()

    assert outcome.comparison.differences == ()
    assert outcome.events == len(events)
    assert await sums(database) == before == recount(events)
    assert await old_sets(database) == [outcome.kept_as]
    assert await sums(database, of=str(outcome.kept_as)) == before


async def test_during_live_traffic_nothing_is_lost(
    database: Database, js: JetStreamContext, topology: Topology, projecting: Projecting
) -> None:
    places = [meetup() for _ in range(3)]
    events = [*places, *history([place.aggregate_id for place in places], Random(7), registrations=700)]
    await publish(js, topology, events[:500])

    async with projecting() as consumer:
        traffic = asyncio.create_task(publish(js, topology, events[500:]))
        outcomes = [await Rebuild(database, js, topology).run() for _ in range(2)]
        await traffic
        await settled(consumer)

    assert [outcome.comparison.errors for outcome in outcomes] == [(), ()]
    assert await sums(database) == recount(events)
    assert len(await old_sets(database)) == 2
    assert (await Rebuild(database, js, topology, check=True).run()).comparison.differences == ()


async def test_a_check_finds_what_was_tampered_with_and_changes_nothing(
    database: Database, js: JetStreamContext, topology: Topology, projecting: Projecting
) -> None:
    place = meetup()
    events = [place, *(registration(place.aggregate_id) for _ in range(20))]
    await publish(js, topology, events)
    async with projecting() as consumer:
        await settled(consumer)
    async with database.connection() as connection:
        await connection.execute("UPDATE live.counts SET held = held + 1, registrations = registrations + 1")
        await connection.execute("UPDATE live.meetup_facts SET title = 'Other'")
        await connection.execute(
            "DELETE FROM live.registration_facts WHERE registration_id = (SELECT min(registration_id::text)::uuid FROM live.registration_facts)"
        )

    comparison = (await Rebuild(database, js, topology, check=True).run()).comparison

    found = {(one.of, one.kind, one.number) for one in comparison.errors}
    assert found == {
        ("registrations", "not yet in live", 1),
        ("meetups", "different", 1),
        ("sums of live", "wrong sum", 1),
    }
    assert await old_sets(database) == []


async def test_a_stream_that_was_lost_is_not_taken_for_the_truth(
    database: Database, js: JetStreamContext, topology: Topology
) -> None:
    place = meetup()
    events = [place, *(registration(place.aggregate_id) for _ in range(20))]
    await apply(database, events)
    await js.delete_stream(topology.events_stream)
    await provision(js, topology)
    await publish(js, topology, events[:5])
    before = await sums(database)

    with pytest.raises(WouldLose, match="16 only in live"):
        await Rebuild(database, js, topology).run()

    assert await sums(database) == before
    await publish(js, topology, events[5:])
    assert (await Rebuild(database, js, topology).run()).comparison.differences == ()


async def test_force_takes_the_stream_at_its_word(database: Database, js: JetStreamContext, topology: Topology) -> None:
    place = meetup()
    await publish(js, topology, [place])
    await apply(database, [place, registration(place.aggregate_id)])

    await Rebuild(database, js, topology, force=True).run()

    assert await sums(database) == {}


async def test_unreadable_events_are_counted_and_passed_over(
    database: Database, js: JetStreamContext, topology: Topology
) -> None:
    place = meetup()
    await publish(js, topology, [place])
    subject = topology.event(aggregate="meetup", fact="published", territory="976", aggregate_id=uuid4())
    await js.publish(subject, b"{", headers={"ce-type": MEETUP_PUBLISHED.name})
    await apply(database, [place])

    outcome = await Rebuild(database, js, topology).run()

    assert (outcome.events, outcome.unreadable, outcome.comparison.differences) == (2, 1, ())


async def test_one_rebuild_at_a_time(database: Database, js: JetStreamContext, topology: Topology) -> None:
    connection = await asyncpg.connect(database.dsn)
    await QUERIES.claim_rebuild.fetchval(connection)
    with pytest.raises(RebuildRunning):
        await Rebuild(database, js, topology).run()
    await connection.close()


async def test_without_a_stream_nothing_is_touched(
    database: Database, js: JetStreamContext, topology: Topology
) -> None:
    await js.delete_stream(topology.events_stream)

    with pytest.raises(ReplayBroken):
        await Rebuild(database, js, topology).run()


async def test_an_interrupted_rebuild_is_swept_away_by_the_next(
    database: Database, js: JetStreamContext, topology: Topology
) -> None:
    async with database.connection() as connection:
        await QUERIES.start_rebuilt_set.execute(connection)
    place = meetup()
    await publish(js, topology, [place])
    await apply(database, [place])

    assert (await Rebuild(database, js, topology).run()).comparison.differences == ()


async def test_old_sets_stay_until_told(database: Database, js: JetStreamContext, topology: Topology) -> None:
    for _ in range(2):
        await Rebuild(database, js, topology).run()
    assert len(await old_sets(database)) == 2

    async with database.connection() as connection:
        await QUERIES.drop_old_sets.execute(connection)

    assert await old_sets(database) == []


async def settled(consumer: EventConsumer) -> None:
    """Return once the projector has applied all there is."""
    async with asyncio.timeout(30):
        while True:
            await consumer._look()
            if consumer.lag == 0:
                return
            await asyncio.sleep(0.02)
