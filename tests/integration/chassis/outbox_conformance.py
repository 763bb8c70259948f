"""What every outbox must hold, whatever reads it: nothing lost, nothing invented, each aggregate in order, at most once within the
window in which the broker knows an id. A class of tests that an implementation subclasses.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Protocol
from uuid import UUID, uuid4

import asyncpg
from nats.js import JetStreamContext

from chassis.database import Connection, Database
from chassis.outbox import CHANNEL, stage
from chassis.provisioning import keep_provisioned
from chassis.wakeup import Waker
from contracts.envelope import Event
from contracts.subjects import Topology
from tests.fixtures.events import registration_event
from tests.integration.chassis.conftest import Published, eventually, outbox_rows, read_stream


class RunningRelay(Protocol):
    """A relay as the tests see it."""

    leading: asyncio.Event
    idle: asyncio.Event

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until `stop`."""


async def commit(database: Database, topology: Topology, events: Iterable[Event]) -> list[UUID]:
    """Write events in one transaction, as a service does, and say their ids."""
    events = list(events)
    async with database.transaction() as connection:
        await stage(connection, events, topology)
    Waker(database, CHANNEL).wake()
    return [event.id for event in events]


def versions(published: Iterable[Published]) -> dict[UUID, list[int]]:
    """The versions of each aggregate in the order of the stream."""
    found: dict[UUID, list[int]] = defaultdict(list)
    for event in published:
        found[event.aggregate].append(event.version)
    return found


class OutboxConformance(ABC):
    """The suite."""

    @abstractmethod
    def relay(self, dsn: str, js: JetStreamContext, topology: Topology) -> RunningRelay:
        """A relay of the implementation under test."""

    @asynccontextmanager
    async def running(self, dsn: str, js: JetStreamContext, topology: Topology) -> AsyncIterator[RunningRelay]:
        relay, stop = self.relay(dsn, js, topology), asyncio.Event()
        tasks = [asyncio.create_task(relay.run(stop)), asyncio.create_task(keep_provisioned(js, topology, stop=stop))]
        try:
            yield relay
        finally:
            stop.set()
            await asyncio.wait_for(asyncio.gather(*tasks), 15)

    async def test_each_aggregate_is_published_in_the_order_of_its_commits(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        aggregates, locks = [uuid4() for _ in range(5)], [asyncio.Lock() for _ in range(5)]
        reached = dict.fromkeys(aggregates, 0)

        async def writer(number: int) -> None:
            for step in range(20):
                chosen = (number + step) % 5
                async with locks[chosen]:  # as the row lock of the aggregate would
                    reached[aggregates[chosen]] += 1
                    event = registration_event(aggregates[chosen], reached[aggregates[chosen]])
                    await commit(database, topology, [event])

        async with self.running(database.dsn, js, topology):
            await asyncio.gather(*(writer(number) for number in range(8)))
            published = await read_stream(js, topology, until=160)

        assert versions(published) == {aggregate: list(range(1, reached[aggregate] + 1)) for aggregate in aggregates}

    async def test_the_events_of_one_transaction_keep_their_order(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        async with self.running(database.dsn, js, topology):
            staged = await commit(database, topology, (registration_event(version=n) for n in range(1, 1201)))
            published = await read_stream(js, topology, until=1200)

        assert [event.id for event in published] == staged

    async def test_a_transaction_that_commits_late_is_not_lost(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        early, later = registration_event(), registration_event()
        async with self.running(database.dsn, js, topology):
            async with database.transaction() as connection:
                await stage(connection, [early], topology)  # draws its position first
                await commit(database, topology, [later])
                first = await read_stream(js, topology, until=1)
            Waker(database, CHANNEL).wake()
            both = await read_stream(js, topology, until=2)

        assert [event.id for event in first] == [later.id]
        assert [event.id for event in both] == [later.id, early.id]

    async def test_what_was_rolled_back_is_never_published(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        after = registration_event()
        async with self.running(database.dsn, js, topology):
            async with database.connection() as connection:
                transaction = connection.transaction()
                await transaction.start()
                await stage(connection, [registration_event()], topology)
                await transaction.rollback()
            await commit(database, topology, [after])
            published = await read_stream(js, topology, until=1)

        assert [event.id for event in published] == [after.id]
        assert (await js.stream_info(topology.events_stream)).state.messages == 1

    async def test_a_relay_that_dies_between_publishing_and_settling_repeats_ids_the_broker_knows(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        staged = await commit(database, topology, (registration_event() for _ in range(50)))

        async def all_are_in_the_stream() -> bool:
            return (await js.stream_info(topology.events_stream)).state.messages >= 50

        async with database.connection() as observer, self.running(database.dsn, js, topology) as relay:
            async with observer.transaction():
                await observer.execute("LOCK TABLE outbox IN EXCLUSIVE MODE")  # it can publish, and cannot settle
                await eventually(all_are_in_the_stream, "all was published")
                assert await outbox_rows(observer) == 50
                await kill_relay(observer)
            await eventually(lambda: _idle(relay), "the relay is back and done")
            assert await outbox_rows(observer) == 0
        published = await read_stream(js, topology, until=50)

        assert [event.id for event in published] == staged
        assert (await js.stream_info(topology.events_stream)).state.messages == 50

    async def test_a_standby_takes_over_when_the_active_relay_is_gone(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        async with self.running(database.dsn, js, topology) as first:
            await asyncio.wait_for(first.leading.wait(), 10)
            async with self.running(database.dsn, js, topology) as second:
                await commit(database, topology, [registration_event()])
                await read_stream(js, topology, until=1)
                assert not second.leading.is_set()
                async with database.connection() as observer:
                    await kill_relay(observer)
                await commit(database, topology, [registration_event()])
                await read_stream(js, topology, until=2)

                await eventually(lambda: _exactly_one(first, second), "one of the two leads")

    async def test_a_backlog_builds_up_while_the_stream_is_away_and_drains_in_order(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        staged: list[UUID] = []
        async with self.running(database.dsn, js, topology) as relay:
            staged += await commit(database, topology, [registration_event()])
            await read_stream(js, topology, until=1)
            await js.delete_stream(topology.events_stream)
            for _ in range(10):
                staged += await commit(database, topology, (registration_event() for _ in range(10)))
            await eventually(lambda: _has(js, topology, 101), "stream and events are back")
            published = await read_stream(js, topology, until=101)
            await eventually(lambda: _idle(relay), "the backlog is gone")

        assert [event.id for event in published] == staged

    async def test_a_deleted_stream_gets_its_events_back_from_the_log(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        async with self.running(database.dsn, js, topology):
            staged = await commit(database, topology, (registration_event() for _ in range(700)))
            await read_stream(js, topology, until=700)
            await js.delete_stream(topology.events_stream)  # with nothing new to publish: it must be noticed anyway
            await eventually(lambda: _has(js, topology, 700), "the stream is whole again")
            published = await read_stream(js, topology, until=700)

        assert [event.id for event in published] == staged

    async def test_a_transaction_that_holds_back_vacuum_does_not_stop_the_relay(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        holder = await asyncpg.connect(database.dsn)
        transaction = holder.transaction(isolation="repeatable_read")
        await transaction.start()
        await holder.execute("SELECT txid_current()")
        try:
            async with self.running(database.dsn, js, topology) as relay:
                for _ in range(20):
                    await commit(database, topology, (registration_event() for _ in range(200)))
                await read_stream(js, topology, until=4000)
                await eventually(lambda: _idle(relay), "the backlog is gone")
        finally:
            await transaction.rollback()
            await holder.close()

    async def test_the_relay_survives_the_loss_of_its_connection_again_and_again(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        staged: list[UUID] = []
        async with self.running(database.dsn, js, topology):
            for _ in range(3):
                staged += await commit(database, topology, (registration_event() for _ in range(300)))
                async with database.connection() as observer:
                    await kill_relay(observer)
            published = await read_stream(js, topology, until=900)

        assert sorted(event.id for event in published) == sorted(staged)
        assert (await js.stream_info(topology.events_stream)).state.messages == 900


async def kill_relay(observer: Connection) -> None:
    """What the server does to the connection of a relay that was killed."""
    await observer.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database ="
        " (SELECT oid FROM pg_database WHERE datname = current_database())"
    )


async def _exactly_one(*relays: RunningRelay) -> bool:
    return [relay.leading.is_set() for relay in relays].count(True) == 1


async def _idle(relay: RunningRelay) -> bool:
    return relay.idle.is_set()


async def _has(js: JetStreamContext, topology: Topology, count: int) -> bool:
    names = [stream.config.name for stream in await js.streams_info()]
    return topology.events_stream in names and (await js.stream_info(topology.events_stream)).state.messages >= count
