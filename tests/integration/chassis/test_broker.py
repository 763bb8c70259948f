"""Connection and streams: provisioned by us alone, mended when they differ, and append-only."""

import asyncio
from dataclasses import replace

import pytest
from nats.js import JetStreamContext
from nats.js.api import StreamConfig, StreamInfo
from nats.js.errors import BadRequestError, ServerError

from chassis import broker
from chassis.broker import connect
from chassis.exits import Unreachable
from chassis.provisioning import DUPLICATE_WINDOW, provision
from contracts.subjects import Topology
from local.ports import free_port
from tests.fixtures.servers import NatsServer


async def test_provisioning_twice_changes_nothing(js: JetStreamContext, topology: Topology) -> None:
    await js.publish(f"{topology.prefix}.events.meetup.published.976.x", b"{}")
    before = await js.stream_info(topology.events_stream)
    await provision(js, topology)
    after = await js.stream_info(topology.events_stream)

    assert after.config == before.config
    assert (after.created, after.state.messages) == (before.created, 1)


async def test_a_stream_whose_settings_were_changed_gets_ours_back(js: JetStreamContext, topology: Topology) -> None:
    changed = (await js.stream_info(topology.events_stream)).config.evolve(duplicate_window=5.0, max_msgs=3)
    await js.update_stream(changed)
    await provision(js, topology)
    config = (await js.stream_info(topology.events_stream)).config

    assert config.duplicate_window == DUPLICATE_WINDOW
    assert config.max_msgs in (None, -1)


async def test_a_process_that_starts_leaves_a_cluster_its_replicas(
    js: JetStreamContext, topology: Topology, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_one_server, asked = js.stream_info, list[int | None]()

    async def of_three_servers(name: str) -> StreamInfo:
        info = await of_one_server(name)
        return replace(info, config=info.config.evolve(num_replicas=3))

    async def update(config: StreamConfig) -> None:
        asked.append(config.num_replicas)

    monkeypatch.setattr(js, "stream_info", of_three_servers)
    monkeypatch.setattr(js, "update_stream", update)
    await provision(js, topology)

    assert asked == [3, 3, 3]


async def test_nobody_can_delete_or_purge_an_event(js: JetStreamContext, topology: Topology) -> None:
    await js.publish(f"{topology.prefix}.events.meetup.published.976.x", b"{}")

    with pytest.raises((BadRequestError, ServerError)):
        await js.delete_msg(topology.events_stream, 1)
    with pytest.raises((BadRequestError, ServerError)):
        await js.purge_stream(topology.events_stream)


async def test_the_same_message_id_is_stored_once(js: JetStreamContext, topology: Topology) -> None:
    subject, headers = f"{topology.prefix}.events.meetup.published.976.x", {"Nats-Msg-Id": "one"}
    first = await js.publish(subject, b"{}", headers=headers)
    second = await js.publish(subject, b"{}", headers=headers)

    assert (first.seq, second.seq, second.duplicate) == (1, 1, True)


async def test_closing_for_good_is_told(nats_server: NatsServer) -> None:
    closed = asyncio.Event()
    client = await connect(nats_server.url, name="test", on_closed=closed.set)
    await client.close()

    await asyncio.wait_for(closed.wait(), 5)


async def test_a_broker_that_does_not_answer_at_the_start_is_an_error_in_bounded_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(broker, "CONNECT_TIMEOUT", 0.3)

    with pytest.raises(Unreachable, match="NATS does not answer at 127"):
        await connect(f"nats://127.0.0.1:{free_port()}", name="test", on_closed=lambda: None)
