"""The process that has the right to make streams and consumers: it keeps them there, should the broker lose them with its disk.

The events are this service's, so that it keeps the stream they go to; those who follow it are listed in `contracts.consumers`.
"""

from nats.js import JetStreamContext

from chassis.broker import connect
from chassis.health import Probes, ProbeServer
from chassis.process import Process
from chassis.provisioning import keep_provisioned, provision
from contracts.consumers import DURABLES
from contracts.subjects import Topology
from services.registration.settings import RegistrationSettings


async def once(settings: RegistrationSettings) -> None:
    """Bring everything to its configuration and return."""
    client = await connect(settings.nats, name="provision", on_closed=lambda: None)
    try:
        await provision(client.jetstream(), settings.topology, *DURABLES, replicas=settings.stream_replicas)
    finally:
        await client.close()


async def run(process: Process, settings: RegistrationSettings) -> None:
    """Keep everything there until the process is stopped."""
    client = await connect(
        settings.nats,
        name="provisioner",
        on_closed=lambda: process.lose("connection to the broker"),
        on_refused=process.refuse,
    )
    js, topology = client.jetstream(), settings.topology
    probes = Probes({"broker": lambda: _are_there(js, topology)})
    try:
        async with ProbeServer(settings.probe_port, probes, host=settings.host):
            await provision(js, topology, *DURABLES, replicas=settings.stream_replicas)
            process.started()
            await keep_provisioned(js, topology, *DURABLES, stop=process.stopping, replicas=settings.stream_replicas)
    finally:
        await client.close()


async def _are_there(js: JetStreamContext, topology: Topology) -> None:
    await js.stream_info(topology.events_stream)
