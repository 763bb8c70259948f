"""The relay held to the suite of every outbox, and what only it promises: checkpoints, and mending a broker that lost events."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from nats.js import JetStreamContext
from nats.js.api import PubAck, StreamInfo

from chassis import relay as relays
from chassis import telemetry
from chassis.database import Connection, Database
from chassis.provisioning import provision
from chassis.relay import Relay
from chassis.republish import republish
from contracts.subjects import Topology
from local.nats import EmbeddedNats
from local.ports import free_port
from tests.fixtures.events import registration_event
from tests.fixtures.servers import NatsServer
from tests.fixtures.silent_path import silent_path
from tests.fixtures.telemetry import Spans
from tests.integration.chassis.conftest import client, eventually, outbox_rows, read_stream
from tests.integration.chassis.outbox_conformance import OutboxConformance, RunningRelay, commit, versions

_ROOT = Path(__file__).parents[3]


class TestRelay(OutboxConformance):
    """The one implementation so far."""

    def relay(self, dsn: str, js: JetStreamContext, topology: Topology) -> RunningRelay:
        return Relay(dsn=dsn, js=js, topology=topology)

    async def test_a_restarted_broker_is_caught_up_with(
        self, database: Database, broker: EmbeddedNats, topology: Topology
    ) -> None:
        staged: list[UUID] = []
        async with client(broker.url) as js:
            await provision(js, topology)
            async with self.running(database.dsn, js, topology) as relay:
                staged += await commit(database, topology, (registration_event() for _ in range(20)))
                await read_stream(js, topology, until=20)
                await broker.stop()
                for _ in range(5):
                    staged += await commit(database, topology, (registration_event() for _ in range(20)))
                async with database.connection() as observer:
                    assert await outbox_rows(observer) >= 100
                await broker.start()
                published = await read_stream(js, topology, until=120)
                await asyncio.wait_for(relay.idle.wait(), 20)

        assert [event.id for event in published] == staged

    async def test_a_broker_that_comes_back_with_an_older_disk_gets_the_missing_range_again(
        self, database: Database, broker: EmbeddedNats, topology: Topology, tmp_path: Path
    ) -> None:
        async with client(broker.url) as js:
            await provision(js, topology)
            async with self.running(database.dsn, js, topology) as relay:
                staged = await commit(database, topology, (registration_event() for _ in range(30)))
                await read_stream(js, topology, until=30)
                await broker.stop()
                shutil.copytree(broker.store, tmp_path / "backup")
                await broker.start()
                staged += await commit(database, topology, (registration_event() for _ in range(40)))
                await read_stream(js, topology, until=70)
                await asyncio.wait_for(relay.idle.wait(), 20)
                await broker.stop()
                broker.wipe()
                shutil.copytree(tmp_path / "backup", broker.store)
                await broker.start()
                staged += await commit(database, topology, (registration_event() for _ in range(5)))
                await eventually(lambda: _all_there(js, topology, staged), "every event is in the stream again")

    async def test_a_broker_that_lost_its_disk_gets_everything_again(
        self, database: Database, broker: EmbeddedNats, topology: Topology
    ) -> None:
        async with client(broker.url) as js:
            await provision(js, topology)
            async with self.running(database.dsn, js, topology):
                staged = await commit(database, topology, (registration_event() for _ in range(30)))
                await read_stream(js, topology, until=30)
                await broker.stop()
                broker.wipe()
                staged += await commit(database, topology, (registration_event() for _ in range(5)))
                await broker.start()
                await eventually(lambda: _all_there(js, topology, staged), "every event is in the stream again")

    async def test_while_nobody_leads_the_stream_nothing_is_published_in_vain(
        self, database: Database, js: JetStreamContext, topology: Topology, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As servers of a cluster do while they agree on who leads: the question is heard, and not answered."""
        info, publish = js.stream_info, js.publish_async
        elected, asked, published = asyncio.Event(), asyncio.Semaphore(0), list[bool]()

        async def nobody_knows(name: str) -> StreamInfo:
            asked.release()
            await elected.wait()
            return await info(name)

        async def publish_async(subject: str, body: bytes, headers: dict[str, str]) -> asyncio.Future[PubAck]:
            published.append(elected.is_set())
            return await publish(subject, body, headers=headers)

        monkeypatch.setattr(relays, "LOOK_TIMEOUT", 0.05)
        monkeypatch.setattr(js, "stream_info", nobody_knows)
        monkeypatch.setattr(js, "publish_async", publish_async)
        staged = await commit(database, topology, (registration_event() for _ in range(3)))
        async with self.running(database.dsn, js, topology):
            for _ in range(3):
                await asyncio.wait_for(asked.acquire(), 20)
            elected.set()
            assert [event.id for event in await read_stream(js, topology, until=3)] == staged

        assert published == [True] * 3

    async def test_what_went_over_a_lost_connection_is_not_waited_for(
        self, database: Database, js: JetStreamContext, topology: Topology, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish, lost, connections = js.publish_async, list[asyncio.Future[PubAck]](), [0]

        async def publish_async(subject: str, body: bytes, headers: dict[str, str]) -> asyncio.Future[PubAck]:
            if lost:
                return await publish(subject, body, headers=headers)
            lost.append(asyncio.get_running_loop().create_future())
            connections[0] += 1
            return lost[0]

        monkeypatch.setattr(relays, "WINDOW_TIMEOUT", 3600.0)
        monkeypatch.setattr(js, "publish_async", publish_async)
        staged = await commit(database, topology, [registration_event()])
        relay, stop = Relay(dsn=database.dsn, js=js, topology=topology, link=lambda: connections[0]), asyncio.Event()
        running = asyncio.create_task(relay.run(stop))
        try:
            assert [event.id for event in await read_stream(js, topology, until=1)] == staged
        finally:
            stop.set()
            await running
        assert lost[0].cancelled()

    async def test_a_database_that_falls_silent_is_left_and_asked_again(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        async with silent_path(database.dsn) as path:
            relay, stop = Relay(dsn=path.url, js=js, topology=topology, command_timeout=0.5), asyncio.Event()
            running = asyncio.create_task(relay.run(stop))
            try:
                await asyncio.wait_for(relay.idle.wait(), 10)
                path.fall_silent()
                staged = await commit(database, topology, [registration_event()])
                await eventually(lambda: _given_up(relay), "the relay no longer believes in its connection")
                path.speak_again()
                published = await read_stream(js, topology, until=1)
            finally:
                stop.set()
                await asyncio.wait_for(running, 15)

        assert [event.id for event in published] == staged

    async def test_a_relay_process_killed_while_it_works_loses_and_repeats_nothing(
        self, database: Database, js: JetStreamContext, topology: Topology, nats_server: NatsServer
    ) -> None:
        aggregate, staged = uuid4(), list[UUID]()

        async def keep_writing() -> None:
            for version in range(1, 601):
                staged.extend(await commit(database, topology, [registration_event(aggregate, version)]))

        writing = asyncio.create_task(keep_writing())
        while not writing.done():
            process = await _start_relay(database.dsn, nats_server.url, topology)
            before = (await js.stream_info(topology.events_stream)).state.messages
            await eventually(lambda before=before: _grown(js, topology, before, writing), "the relay works")  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
            await process.wait()
        await writing
        async with self.running(database.dsn, js, topology):
            published = await read_stream(js, topology, until=600)

        assert [event.id for event in published] == staged
        assert versions(published) == {aggregate: list(range(1, 601))}
        assert (await js.stream_info(topology.events_stream)).state.messages == 600

    async def test_an_operator_may_publish_the_log_again(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        async with self.running(database.dsn, js, topology) as relay:
            await commit(database, topology, (registration_event() for _ in range(10)))
            await read_stream(js, topology, until=10)
            assert await republish(database.dsn, since=None, dry_run=True) == 10
            await eventually(lambda: _is_set(relay.idle), "the relay is idle")
            assert await republish(database.dsn, since=None, dry_run=False) == 10
            async with database.connection() as observer:
                await eventually(lambda: _empty(observer), "all was published again")

        assert (await js.stream_info(topology.events_stream)).state.messages == 10, "the broker still knew the ids"

    async def test_events_published_again_do_not_make_the_stream_look_shorter_than_it_was(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        async with self.running(database.dsn, js, topology) as relay:
            await commit(database, topology, (registration_event() for _ in range(10)))
            await read_stream(js, topology, until=10)
            await eventually(lambda: _is_set(relay.idle), "the relay is idle")
            async with database.connection() as observer:
                await observer.execute(
                    "INSERT INTO outbox SELECT position, recorded_at FROM event_log ORDER BY position LIMIT 4"
                )
                await eventually(lambda: _empty(observer), "the first four were published again")
                newest = await observer.fetchval(
                    "SELECT stream_sequence FROM relay_checkpoints ORDER BY taken_at DESC LIMIT 1"
                )

        assert newest == 10

    async def test_checkpoints_are_thinned_but_the_newest_stays(
        self, database: Database, js: JetStreamContext, topology: Topology
    ) -> None:
        async with self.running(database.dsn, js, topology):
            await commit(database, topology, [registration_event()])
            await read_stream(js, topology, until=1)
        async with database.connection() as connection:
            await connection.execute(
                "INSERT INTO relay_checkpoints (taken_at, position, event_id, stream_sequence, stream_created)"
                " SELECT now() - make_interval(secs => n), 1, gen_random_uuid(), 1, now() FROM generate_series(61, 7200) AS n"
            )
            async with self.running(database.dsn, js, topology):
                await eventually(lambda: _fewer_than(connection, 100), "old checkpoints are gone")
            assert await connection.fetchval(
                "SELECT count(*) FROM relay_checkpoints WHERE taken_at > now() - interval '1 minute'"
            )

    async def test_a_small_batch_is_sent_in_the_trace_of_each_event_and_a_large_one_with_links(
        self, database: Database, js: JetStreamContext, topology: Topology, spans: Spans
    ) -> None:
        with telemetry.tracer("test").start_as_current_span("request") as request:
            event = registration_event(trace=telemetry.current_trace())
        await commit(database, topology, [event])
        async with self.running(database.dsn, js, topology):
            await read_stream(js, topology, until=1)

        send = spans.one(f"send {topology.prefix}.events")
        assert send.context is not None
        assert send.context.trace_id == request.get_span_context().trace_id
        assert (send.attributes or {})[telemetry.REFERENCE] == event.aggregate_id.hex[:8].upper()
        assert (send.attributes or {})["messaging.system"] == "nats"


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[EmbeddedNats]:
    """A broker of one's own, to be stopped and robbed."""
    broker = EmbeddedNats(tmp_path / "nats", port=free_port(), monitoring_port=free_port(), guests=True)
    await broker.start()
    yield broker
    await broker.stop()


async def _start_relay(dsn: str, url: str, topology: Topology) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.chassis.relay_process",
        dsn,
        url,
        topology.prefix,
        cwd=_ROOT,
        env=os.environ,
    )


async def _all_there(js: JetStreamContext, topology: Topology, ids: list[UUID]) -> bool:
    if topology.events_stream not in [stream.config.name for stream in await js.streams_info()]:
        return False
    count = (await js.stream_info(topology.events_stream)).state.messages
    return set(ids) <= {event.id for event in await read_stream(js, topology, until=count)}


async def _grown(js: JetStreamContext, topology: Topology, before: int, writing: "asyncio.Task[None]") -> bool:
    return writing.done() or (await js.stream_info(topology.events_stream)).state.messages > before


async def _is_set(event: asyncio.Event) -> bool:
    return event.is_set()


async def _empty(connection: Connection) -> bool:
    return await outbox_rows(connection) == 0


async def _fewer_than(connection: Connection, count: int) -> bool:
    rows: int = await connection.fetchval("SELECT count(*) FROM relay_checkpoints")
    return rows < count


async def _given_up(relay: Relay) -> bool:
    return not relay.leading.is_set()
