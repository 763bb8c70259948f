"""A process that is not let do its work says so and ends, instead of waiting for what never comes."""

import asyncio

import pytest

from chassis import broker
from chassis.exits import Exit, NotAllowed
from chassis.process import Process, live
from contracts.permissions import OPERATOR
from services.registration import worker
from services.registration.settings import RegistrationSettings
from tests.fixtures.servers import NatsServer
from tests.integration.privileges.conftest import Databases


async def test_a_worker_with_the_name_of_another_ends_as_refused(network: NatsServer, databases: Databases) -> None:
    process = Process(service="registration", name="worker")
    settings = RegistrationSettings.model_validate({"nats_url": network.url_of("analytics-api")})
    dsn = databases.dsn("registration", into="registration")

    async def main(process: Process) -> None:
        await worker.run(process, settings, dsn=dsn)

    assert await asyncio.wait_for(live(main, process), 30) == Exit.REFUSED
    assert not process.has_started


async def test_a_wrong_password_is_said_at_once(network: NatsServer) -> None:
    url = network.url_of(OPERATOR).replace(network.passwords[OPERATOR], "guessed")
    with pytest.raises(NotAllowed, match="does not let in operator: check user and password") as error:
        await asyncio.wait_for(broker.connect(url, name="test", on_closed=lambda: None), 10)
    assert "guessed" not in str(error.value)

    faststream = broker.event_broker(url, name="test", on_closed=lambda: None)
    with pytest.raises(NotAllowed):
        await asyncio.wait_for(faststream.connect(), 10)


async def test_a_refusal_under_way_is_told_and_ends_nothing(network: NatsServer) -> None:
    process, told = Process(service="registration", name="relay"), list[str]()
    process.started()
    client = await broker.connect(
        network.url_of("analytics-api"), name="test", on_closed=lambda: None, on_refused=told.append
    )
    await client.publish("rencontres.events.registration.held.all.1", b"")
    await broker.heard(client)
    await client.close()
    for refusal in told:
        process.refuse(refusal)

    assert told == ['permissions violation for publish to "rencontres.events.registration.held.all.1"']
    assert not process.stopping.is_set()
