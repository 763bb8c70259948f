"""Three servers of NATS with the configuration of production, on loopback: TLS, accounts, streams with three copies, the loss of one server."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from chassis.broker import connect
from chassis.provisioning import provision
from contracts.consumers import DURABLES
from contracts.permissions import ACCOUNT
from contracts.subjects import Topology
from tests.fixtures.broker_cluster import ServerOfProduction, three_servers

TOPOLOGY = Topology()
SUBJECT = "rencontres.events.meetup.published.976.01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[tuple[ServerOfProduction, ...]]:
    async with three_servers(tmp_path) as three:
        yield three


async def test_three_servers_hold_each_stream_three_times_and_outlive_the_loss_of_its_leader(
    servers: tuple[ServerOfProduction, ...],
) -> None:
    provisioner = await _connected(servers[0], "provisioner")
    await _until_taken(provisioner)
    relay = await _connected(servers[0], "registration-relay")
    for number in range(50):
        await relay.jetstream().publish(SUBJECT, b"{}", stream="EVENTS", headers={"Nats-Msg-Id": f"before-{number}"})
    there = await provisioner.jetstream().stream_info("EVENTS")
    assert there.config.num_replicas == 3
    assert there.cluster
    leads = there.cluster.leader
    leader = next(server for server in servers if f"nats-{server.number}" == leads)
    other = next(server for server in servers if server is not leader)
    await asyncio.gather(provisioner.close(), relay.close())

    await leader.stop(grace=0)
    relay = await _connected(other, "registration-relay")
    await _until_published(relay)
    left = await relay.jetstream().stream_info("EVENTS")
    assert left.state.messages == 51
    await relay.close()


async def test_monitoring_tells_keda_how_far_a_consumer_is_and_which_server_leads_it(
    servers: tuple[ServerOfProduction, ...],
) -> None:
    """As its scaler `nats-jetstream` asks: a server for the cluster's members, each member for the consumers that it leads."""
    provisioner = await _connected(servers[0], "provisioner")
    await _until_taken(provisioner)
    await provisioner.close()
    leads = set()
    async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
        for server in servers:
            at = f"http://127.0.0.1:{server.monitoring_port}"
            told = (await http.get(f"{at}/varz")).json()
            assert not told.get("connect_urls")  # addresses of pods, which are in no certificate
            assert len(told["cluster"]["urls"]) == 3
            answer = (await http.get(f"{at}/jsz?acc={ACCOUNT}&consumers=true&config=true")).json()
            assert [account["name"] for account in answer["account_details"]] == [ACCOUNT]
            for stream in answer["account_details"][0]["stream_detail"]:
                for consumer in stream.get("consumer_detail") or []:
                    if consumer["cluster"]["leader"] == told["server_name"]:
                        assert consumer["num_pending"] == 0
                        leads.add((stream["name"], consumer["name"]))
    assert {("EVENTS", durable.name) for durable in DURABLES} <= leads


async def _connected(server: ServerOfProduction, user: str) -> Client:
    return await connect(server.url_of(user), name=user, on_closed=lambda: None)


async def _until_taken(provisioner: Client) -> None:
    """Three servers agree on who leads before they make anything."""
    while True:
        try:
            await provision(provisioner.jetstream(), TOPOLOGY, *DURABLES, replicas=3)
        except (NatsError, TimeoutError, NotFoundError):
            await asyncio.sleep(0.2)
        else:
            return


async def _until_published(relay: Client) -> None:
    """The same id each time: however often it is tried, it is there once."""
    while True:
        try:
            await relay.jetstream().publish(
                SUBJECT, b"{}", stream="EVENTS", headers={"Nats-Msg-Id": "after"}, timeout=2
            )
        except (NatsError, TimeoutError):
            await asyncio.sleep(0.1)
        else:
            return
