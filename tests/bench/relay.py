"""The relay against bare `publish_async` windows: the same messages, the same broker, the same windows of 500."""

import asyncio
import time

from chassis import broker
from chassis.database import Database
from chassis.migrations import migrate
from chassis.outbox import stage
from chassis.provisioning import provision
from chassis.relay import BATCH, Relay
from contracts.envelope import encode
from contracts.subjects import Topology
from tests.bench.events import registrations
from tests.bench.figures import Figure, Ratio, alternate
from tests.bench.ground import Ground

EVENTS = 20_000


async def measure(ground: Ground) -> list[Figure]:
    """Return the ratio of the relay's rate to the bare one's."""
    dsn = ground.dsn("bench_relay")
    await migrate(dsn, package="services.registration")
    topology = Topology("benchrelay")
    client = await broker.connect(ground.nats_url, name="bench", on_closed=lambda: None)
    js = client.jetstream()
    await provision(js, topology)
    database = await Database.connect(dsn, application="bench")

    async def bare() -> float:
        messages = [encode(event, topology) for event in registrations(EVENTS)]
        began = time.perf_counter()
        for start in range(0, EVENTS, BATCH):
            window = [
                await js.publish_async(message.subject, message.body, headers=message.headers)
                for message in messages[start : start + BATCH]
            ]
            await asyncio.wait(window, timeout=5.0)
        return EVENTS / (time.perf_counter() - began)

    async def relayed() -> float:
        events = list(registrations(EVENTS))
        for start in range(0, EVENTS, BATCH):
            async with database.transaction() as connection:
                await stage(connection, events[start : start + BATCH], topology)
        stop = asyncio.Event()
        relay = Relay(dsn=dsn, js=js, topology=topology)
        began = time.perf_counter()
        running = asyncio.create_task(relay.run(stop))
        await relay.idle.wait()
        rate = EVENTS / (time.perf_counter() - began)
        stop.set()
        await running
        return rate

    relay_rate, bare_rate = await alternate(relayed, bare)
    await database.close()
    await client.close()
    return [Ratio("relay / bare publish_async windows", relay_rate, bare_rate, "events/s", bar=0.5)]
