"""Every user of the broker tries everything: each act is let pass to those named here, and refused to all others."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from chassis.broker import heard
from contracts.contacts import ContactQuery
from contracts.permissions import OPERATOR, PROVISIONER, identities
from contracts.subjects import Topology
from local.nats import EmbeddedNats
from local.ports import free_port
from tests.fixtures.servers import NatsServer
from tests.integration.privileges.conftest import User, connected

USERS = {identity.name for identity in identities()}
T = Topology()

PUBLISHING = {
    "tell an event": ("rencontres.events.registration.held.all.1", {"registration-relay"}),
    "tell an event of no aggregate of ours": ("rencontres.events.weather.changed.all.1", set[str]()),
    "ask who is behind an id": (T.contacts_lookup, {"notifications-sender"}),
    "ask notifications for records": (T.records("notifications"), {"registration-api"}),
    "ask analytics for records": (T.records("analytics"), {"registration-api"}),
    "answer the sender of mail": ("_INBOX_notifications-sender.x.y", {"registration-worker"}),
    "answer the public site": ("_INBOX_registration-api.x.y", {"notifications-worker", "analytics-projector"}),
    "write to the inbox of another": ("_INBOX_registration-worker.x.y", set[str]()),
    "write to an inbox of nobody": ("_INBOX.x.y", set[str]()),
    "take events of notifications": ("$JS.API.CONSUMER.MSG.NEXT.EVENTS.notifications", {"notifications-worker"}),
    "take events of analytics": ("$JS.API.CONSUMER.MSG.NEXT.EVENTS.analytics", {"analytics-projector"}),
    "take events of a rebuild": ("$JS.API.CONSUMER.MSG.NEXT.EVENTS.rebuild", {OPERATOR}),
    "take letters sent back to analytics": ("$JS.API.CONSUMER.MSG.NEXT.RETRIES.analytics", {"analytics-projector"}),
    "acknowledge for notifications": ("$JS.ACK.EVENTS.notifications.1.1.1.1.0", {"notifications-worker"}),
    "acknowledge for notifications, newer servers": (
        "$JS.ACK._.h.EVENTS.notifications.1.1.1.1.0",
        {"notifications-worker"},
    ),
    "acknowledge for analytics": ("$JS.ACK.EVENTS.analytics.1.1.1.1.0", {"analytics-projector"}),
    "bury a letter of notifications": ("rencontres.dead.notifications.unknown", {"notifications-worker"}),
    "bury a letter of analytics": ("rencontres.dead.analytics.unknown", {"analytics-projector"}),
    "read a dead letter": ("$JS.API.STREAM.MSG.GET.DEAD_LETTERS", {OPERATOR}),
    "take a dead letter off the list": ("$JS.API.STREAM.MSG.DELETE.DEAD_LETTERS", {OPERATOR}),
    "read one event": ("$JS.API.STREAM.MSG.GET.EVENTS", set[str]()),
    "read one event directly": ("$JS.API.DIRECT.GET.EVENTS", set[str]()),
    "read events by a consumer of one's own": ("$JS.API.CONSUMER.CREATE.EVENTS.spy", set[str]()),
    "read events to rebuild the report": ("$JS.API.CONSUMER.CREATE.EVENTS.rebuild", {OPERATOR}),
    "end a rebuild": ("$JS.API.CONSUMER.DELETE.EVENTS.rebuild", {OPERATOR}),
    "delete the consumer of notifications": ("$JS.API.CONSUMER.DELETE.EVENTS.notifications", set[str]()),
    "read dead letters by a consumer of one's own": ("$JS.API.CONSUMER.CREATE.DEAD_LETTERS.spy", set[str]()),
    "change the consumer of notifications": ("$JS.API.CONSUMER.CREATE.EVENTS.notifications", {PROVISIONER}),
    "make the stream of events": ("$JS.API.STREAM.CREATE.EVENTS", {PROVISIONER}),
    "make a stream that takes in questions": ("$JS.API.STREAM.CREATE.SPY", set[str]()),
    "change the stream of events": ("$JS.API.STREAM.UPDATE.EVENTS", {PROVISIONER}),
    "delete the stream of events": ("$JS.API.STREAM.DELETE.EVENTS", set[str]()),
    "empty the stream of dead letters": ("$JS.API.STREAM.PURGE.DEAD_LETTERS", set[str]()),
}
LISTENING = {
    "answer who is behind an id": (T.contacts_lookup, {"registration-worker"}),
    "answer for the records of notifications": (T.records("notifications"), {"notifications-worker"}),
    "answer for the records of analytics": (T.records("analytics"), {"analytics-projector"}),
    "overhear events": (T.all_events, set[str]()),
    "overhear dead letters": (T.all_dead_letters, set[str]()),
    "read the answers to the sender of mail": ("_INBOX_notifications-sender.>", {"notifications-sender"}),
    "read the answers to the public site": ("_INBOX_registration-api.>", {"registration-api"}),
    "read everybody's answers": ("_INBOX.>", set[str]()),
    "overhear everything": (">", set[str]()),
}


@pytest.mark.parametrize(("subject", "allowed"), PUBLISHING.values(), ids=PUBLISHING)
async def test_nobody_else_may_send(network: NatsServer, subject: str, allowed: set[str]) -> None:
    assert await _who(network, lambda user: user.may_publish(subject)) == allowed


@pytest.mark.parametrize(("subject", "allowed"), LISTENING.values(), ids=LISTENING)
async def test_nobody_else_may_listen(network: NatsServer, subject: str, allowed: set[str]) -> None:
    assert await _who(network, lambda user: user.may_subscribe(subject)) == allowed


async def test_the_sender_is_answered_and_nobody_hears_it(network: NatsServer) -> None:
    worker_url, sender_url = network.url_of("registration-worker"), network.url_of("notifications-sender")
    async with connected(worker_url) as worker, connected(sender_url) as sender:

        async def reply(message: Msg) -> None:
            await message.respond(b"here they are")

        await worker.client.subscribe(T.contacts_lookup, "registration", cb=reply)
        await heard(worker.client)
        answer = await sender.client.request(T.contacts_lookup, ContactQuery().model_dump_json().encode(), timeout=10)

        assert answer.data == b"here they are"
        assert answer.subject.startswith("_INBOX_notifications-sender.")
        assert (worker.refusals, sender.refusals) == ([], [])


async def test_who_asks_cannot_choose_where_names_and_addresses_are_sent(network: NatsServer) -> None:
    worker_url, sender_url = network.url_of("registration-worker"), network.url_of("notifications-sender")
    async with connected(worker_url) as worker, connected(sender_url) as sender:
        replied = asyncio.Event()

        async def reply(message: Msg) -> None:
            await message.respond(b"here they are")
            await heard(worker.client)
            replied.set()

        await worker.client.subscribe(T.contacts_lookup, "elsewhere", cb=reply)
        await heard(worker.client)
        await sender.client.publish(T.contacts_lookup, b"", reply="rencontres.events.registration.held.all.1")
        await asyncio.wait_for(replied.wait(), 10)

        assert any("rencontres.events.registration.held.all.1" in refusal for refusal in worker.refusals)


async def test_no_password_but_its_own_lets_a_user_in(network: NatsServer) -> None:
    stolen = network.passwords["analytics-api"]
    url = network.url_of("notifications-sender").replace(network.passwords["notifications-sender"], stolen)
    with pytest.raises(NatsError, match=r"(?i)authorization violation"):
        async with connected(url):
            pass


async def test_the_server_of_a_run_lets_nobody_in_without_a_name(tmp_path: Path) -> None:
    server = EmbeddedNats(tmp_path / "nats", port=free_port(), monitoring_port=free_port())
    await server.start()
    try:
        with pytest.raises(NatsError, match=r"(?i)authorization violation"):
            async with connected(server.url):
                pass
        assert server.folder.joinpath("passwords.json").stat().st_mode & 0o777 == 0o600
        assert not any(password in text for text in _texts(server.folder) for password in server.passwords.values())
    finally:
        await server.stop()


async def _who(network: NatsServer, may: Callable[[User], Awaitable[bool]]) -> set[str]:
    found = set()
    for name in USERS:
        async with connected(network.url_of(name)) as user:
            if await may(user):
                found.add(name)
    return found


def _texts(folder: Path) -> list[str]:
    return [file.read_text() for file in folder.glob("*.conf")]
