"""The projector against a bare pull of the same messages; then two million events, for what growth does to rate and memory."""

import asyncio
import os
import time
from collections import deque
from collections.abc import Iterator
from itertools import islice
from uuid import uuid4

import asyncpg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig

from chassis import broker
from chassis.consumer import EventConsumer
from chassis.database import Database
from chassis.migrations import migrate
from chassis.provisioning import provision
from contracts.consumers import ANALYTICS
from contracts.envelope import Event, encode
from contracts.subjects import Topology
from services.analytics.domain.batch import reduce
from services.analytics.projector import Projector, spare_the_collector
from services.analytics.store import LIVE, QUERIES, REBUILT, project
from tests.bench.events import registrations
from tests.bench.figures import Counter, Figure, Limit, Ratio, alternate
from tests.bench.ground import Ground, resident_mib

BATCH = 500
PULLED = 50_000
EARLY, LATE, STRETCH = 100_000, 2_000_000, 50_000
OPEN = 5_000
"""Registrations between hold and confirmation, so that most batches meet facts that are there already."""
MEMORY_LIMIT = 16.0


async def measure(ground: Ground) -> list[Figure]:
    """Return the ratio to the bare pull, the ratio of late to early, and what two million events leave behind."""
    dsn = ground.dsn("bench_projection")
    await migrate(dsn, package="services.analytics")
    database = await Database.connect(dsn, application="bench")
    spare_the_collector()
    try:
        return [await _against_bare_pull(ground, database), *await _growing(database)]
    finally:
        await database.close()


async def _against_bare_pull(ground: Ground, database: Database) -> Ratio:
    topology = Topology("benchprojection")
    client = await broker.connect(ground.nats_url, name="bench", on_closed=lambda: None)
    js = client.jetstream()
    await provision(js, topology)
    await _publish(js, topology)

    async def projected() -> float:
        async with database.connection() as connection:
            await connection.execute("TRUNCATE live.registration_facts, live.counts, live.checkpoint")
        return await _project_stream(ground.nats_url, js, topology, database)

    projector_rate, bare_rate = await alternate(projected, lambda: _pull(js, topology))
    await client.close()
    return Ratio("projection / bare pull of the same messages", projector_rate, bare_rate, "events/s", bar=0.5)


async def _publish(js: JetStreamContext, topology: Topology) -> None:
    events = _lives(PULLED)
    while window := [encode(event, topology) for event in islice(events, BATCH)]:
        acks = [await js.publish_async(m.subject, m.body, headers=m.headers) for m in window]
        await asyncio.wait(acks, timeout=10.0)


async def _pull(js: JetStreamContext, topology: Topology) -> float:
    """What nats-py can do: fetch and acknowledge, nothing else."""
    name = uuid4().hex
    config = ConsumerConfig(
        durable_name=name,
        ack_policy=AckPolicy.EXPLICIT,
        filter_subjects=topology.events_of(*ANALYTICS.aggregates),
        max_ack_pending=4 * BATCH,
    )
    await js.add_consumer(topology.events_stream, config=config)
    subscription = await js.pull_subscribe_bind(name, topology.events_stream)
    seen, began = 0, time.perf_counter()
    while seen < PULLED:
        messages = await subscription.fetch(BATCH, timeout=5.0)
        for message in messages:
            await message.ack()
        seen += len(messages)
    rate = PULLED / (time.perf_counter() - began)
    await js.delete_consumer(topology.events_stream, name)
    return rate


async def _project_stream(url: str, js: JetStreamContext, topology: Topology, database: Database) -> float:
    """The projector as it runs, from its first batch to its last."""
    projector, done, seen = Projector(database), asyncio.Event(), 0
    consumer = projector.consumer

    async def handle(events: list[Event]) -> None:
        nonlocal seen
        await projector.handle(events)
        seen += len(events)
        if seen >= PULLED:
            done.set()

    faststream = broker.event_broker(url, name="bench-projector", on_closed=lambda: None)
    EventConsumer(
        type(consumer)(consumer.durable, handle, lanes=consumer.lanes),  # type: ignore[arg-type]
        broker=faststream,
        topology=topology,
    )
    await faststream.connect()
    await provision(js, topology, consumer.durable)
    began = time.perf_counter()
    await faststream.start()
    await done.wait()
    rate = PULLED / (time.perf_counter() - began)
    await faststream.stop()
    await js.delete_consumer(topology.events_stream, consumer.name)
    return rate


async def _growing(database: Database) -> list[Figure]:
    """Rates into a set that grows, each beside the rate into an empty one: a machine that slows down slows both."""
    async with database.connection() as connection:
        await connection.execute("TRUNCATE live.registration_facts, live.counts, live.checkpoint")
        await connection.execute("SELECT pg_stat_reset()")
    events = _lives(LATE + STRETCH)
    await _apply(database, islice(events, EARLY), into=LIVE)
    early, early_empty = await _stretch(database, events)
    memory = resident_mib(os.getpid())
    await _apply(database, islice(events, LATE - EARLY - STRETCH), into=LIVE)
    grown = resident_mib(os.getpid()) - memory
    late, late_empty = await _stretch(database, events)
    steadied = late * early_empty / late_empty
    return [
        Ratio(f"projection at {LATE:,} events / at {EARLY:,}", steadied, early, "events/s", bar=0.9),
        Limit(f"memory growth from {EARLY:,} to {LATE:,} events", grown, MEMORY_LIMIT, "MiB"),
        *await _left_behind(database),
    ]


async def _stretch(database: Database, events: Iterator[Event]) -> tuple[float, float]:
    async with database.connection() as connection:
        await QUERIES.start_rebuilt_set.execute(connection)
    taken = list(islice(events, STRETCH))
    spent = {LIVE: 0.0, REBUILT: 0.0}
    for start in range(0, len(taken), BATCH):
        for name in spent:
            spent[name] += await _apply(database, iter(taken[start : start + BATCH]), into=name)
    return STRETCH / spent[LIVE], STRETCH / spent[REBUILT]


async def _apply(database: Database, events: Iterator[Event], *, into: str) -> float:
    """Seconds spent on projecting, not on making events up."""
    spent = 0.0
    while batch := list(islice(events, BATCH)):
        began = time.perf_counter()
        await project(database, reduce(batch), into=into)
        spent += time.perf_counter() - began
    return spent


async def _left_behind(database: Database) -> list[Figure]:
    async with database.connection() as connection:
        await connection.execute("SELECT pg_stat_force_next_flush()")
        row: asyncpg.Record | None = await connection.fetchrow(
            "SELECT sum(n_tup_upd) AS updates, sum(n_tup_upd - n_tup_hot_upd) AS moved FROM pg_stat_user_tables"
            " WHERE schemaname = 'live'"
        )
    assert row is not None
    per = 10_000 / (LATE + STRETCH)
    return [
        Counter("dead tuples made per 10,000 events", float(row["updates"]) * per, "tuples"),
        Counter("of them not pruned in place", float(row["moved"]) * per, "tuples"),
    ]


def _lives(count: int) -> Iterator[Event]:
    """Holds, and the confirmation of each some thousand events later."""
    waiting: deque[Event] = deque()
    pairs = registrations(count + 2 * OPEN, meetups=500)
    made = 0
    while made < count:
        yield next(pairs)
        waiting.append(next(pairs))
        made += 1
        if len(waiting) > OPEN and made < count:
            yield waiting.popleft()
            made += 1
