"""Three servers of NATS with the configuration of production, on loopback: TLS, accounts, streams with three copies, the loss of one server."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from chassis.broker import connect
from chassis.provisioning import provision
from contracts.consumers import DURABLES
from contracts.permissions import ACCOUNT, identities
from contracts.subjects import Topology
from local.child import Command
from local.nats import EmbeddedNats
from local.ports import free_port
from tests.fixtures.certificates import Certificate, certificate_for
from tests.fixtures.manifests import Manifests, overlay

TOPOLOGY = Topology()
SUBJECT = "rencontres.events.meetup.published.976.01890a5d-ac96-774b-bcce-b302099a8057"
PASSWORD = "p0"


class _ServerOfProduction(EmbeddedNats):
    """One of three, its files as the volumes of the pod lay them out; only places and ports are this machine's."""

    def __init__(self, folder: Path, number: int, *, certificate: Certificate, routes: tuple[int, ...]) -> None:
        super().__init__(folder, port=free_port(), monitoring_port=free_port())
        self.number, self._certificate, self._routes = number, certificate, routes

    async def prepare(self) -> None:
        manifests = overlay("production")
        (self.folder / "accounts").mkdir(parents=True, exist_ok=True)
        accounts = manifests.one("ConfigMap", "nats-accounts").data["accounts.conf"]
        (self.folder / "accounts" / "accounts.conf").write_text(accounts)
        for file, text in manifests.one("ConfigMap", "nats").data.items():
            (self.folder / file).write_text(self._here(text))

    def _here(self, text: str) -> str:
        for number, port in enumerate(self._routes):
            text = text.replace(f"nats-{number}.nats-headless:6222", f"127.0.0.1:{port}")
        for there, here in {
            "0.0.0.0:4222": f"127.0.0.1:{self.port}",
            "0.0.0.0:8222": f"127.0.0.1:{self.monitoring_port}",
            "0.0.0.0:6222": f"127.0.0.1:{self._routes[self.number]}",
            "/etc/nats-tls": str(self._certificate.key.parent),
            "/run/nats": str(self.folder),
            '"/data"': f'"{self.store}"',
        }.items():
            text = text.replace(there, here)
        return text

    def command(self) -> Command:
        variables = _variables(overlay("production"))
        return replace(super().command(), environment=variables | {"POD_NAME": f"nats-{self.number}"})

    def url_of(self, user: str) -> str:
        return f"tls://{user}:{PASSWORD}@127.0.0.1:{self.port}?sslrootcert={self._certificate.authority}"


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[tuple[_ServerOfProduction, ...]]:
    certificate = certificate_for("127.0.0.1", folder=tmp_path / "nats-tls")
    routes = (free_port(), free_port(), free_port())
    three = tuple(
        _ServerOfProduction(tmp_path / f"nats-{number}", number, certificate=certificate, routes=routes)
        for number in range(3)
    )
    try:
        await asyncio.gather(*(server.start(timeout=60) for server in three))
        yield three
    finally:
        await asyncio.gather(*(server.stop(grace=0) for server in three))


async def test_three_servers_hold_each_stream_three_times_and_outlive_the_loss_of_its_leader(
    servers: tuple[_ServerOfProduction, ...],
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
    servers: tuple[_ServerOfProduction, ...],
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


async def _connected(server: _ServerOfProduction, user: str) -> Client:
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


def _variables(manifests: Manifests) -> dict[str, str]:
    own = {name: value or PASSWORD for name, value in manifests.variables(manifests.workload("nats").process).items()}
    return own | {identity.password_variable: PASSWORD for identity in identities()}
