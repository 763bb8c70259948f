"""What other services keep is asked in parts that fit into messages, and whoever cannot answer is named."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from uuid import UUID, uuid4

import nats
import pytest
from nats.aio.client import Client
from pydantic import JsonValue

from chassis.answering import answering
from contracts.records import RecordSet, RecordsQuery, RecordsReply
from contracts.subjects import Topology
from services.registration.people import asking
from services.registration.work import Work
from tests.fixtures.servers import NatsServer
from tests.integration.registration.conftest import House

PERSON = uuid4()


@pytest.fixture
async def client(nats_server: NatsServer) -> AsyncIterator[Client]:
    client = await nats.connect(nats_server.url)
    yield client
    await client.close()


@pytest.fixture
def work(house: House, nats_server: NatsServer, topology: Topology) -> Work:
    return replace(house.work, nats_url=nats_server.url, topology=topology)


def _rows(query: RecordsQuery) -> RecordsReply:
    found = [*(() if query.continued else (query.person_id,)), *query.registration_ids]
    rows: tuple[dict[str, JsonValue], ...] = tuple({"id": str(id_)} for id_ in found)
    return RecordsReply(service="made-up", records=(RecordSet(kind="mails", rows=rows),))


async def test_what_is_known_by_the_person_alone_is_asked_for_once(
    work: Work, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "REGISTRATIONS_A_QUESTION", 2)
    heard: list[tuple[bool, int]] = []

    async def tell(query: RecordsQuery) -> RecordsReply:
        heard.append((query.continued, len(query.registration_ids)))
        return _rows(query)

    registrations: list[UUID] = [uuid4() for _ in range(5)]
    async with AsyncExitStack() as services:
        for service in asking.OTHERS:
            subject = work.topology.records(service)
            await services.enter_async_context(answering(client, subject, "group", RecordsQuery, tell))
        await client.flush()
        answers = await asking.ask_all(work, person_id=PERSON, registration_ids=registrations)
    assert sorted(heard) == sorted([(False, 2), (True, 2), (True, 1)] * 2)
    for answer in answers:
        assert answer.records is not None
        [mails] = answer.records
        assert [row["id"] for row in mails.rows] == [str(PERSON), *map(str, registrations)]


async def test_who_keeps_more_than_a_message_carries_is_named_without_waiting(
    work: Work, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "TIMEOUT", 3600.0)

    async def tell(query: RecordsQuery) -> RecordsReply:
        return RecordsReply(
            service="x" * 2, records=(RecordSet(kind="mails", rows=({"x": "x" * client.max_payload},)),)
        )

    async def tell_little(query: RecordsQuery) -> RecordsReply:
        return _rows(query)

    large, little = [work.topology.records(service) for service in asking.OTHERS]
    async with (
        answering(client, large, "group", RecordsQuery, tell),
        answering(client, little, "group", RecordsQuery, tell_little),
    ):
        await client.flush()
        answers = await asking.ask_all(work, person_id=PERSON, registration_ids=())
    assert [(answer.service, answer.records is None) for answer in answers] == [
        (asking.OTHERS[0], True),
        (asking.OTHERS[1], False),
    ]
