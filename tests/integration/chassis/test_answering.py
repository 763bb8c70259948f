"""Questions between services on a real broker."""

import asyncio

import nats
import pytest

from chassis.answering import Refused, answering, raise_refusal
from contracts.fact import Fact
from tests.fixtures.servers import NatsServer


class Question(Fact):
    """How much is wanted."""

    size: int


class Reply(Fact):
    """So much."""

    text: str


async def _tell(question: Question) -> Reply:
    return Reply(text="x" * question.size)


async def test_an_answer_larger_than_a_message_is_refused_by_name_and_the_next_is_given(
    nats_server: NatsServer,
) -> None:
    client = await nats.connect(nats_server.url)
    subject = client.new_inbox()
    try:
        async with answering(client, subject, "group", Question, _tell):
            await client.flush()
            large, small = [
                await client.request(subject, Question(size=size).model_dump_json().encode(), timeout=20)
                for size in (client.max_payload, 3)
            ]
    finally:
        await client.close()
    with pytest.raises(Refused, match="413: "):
        raise_refusal(large)
    raise_refusal(small)
    assert Reply.model_validate_json(small.data).text == "xxx"


async def test_what_was_asked_before_a_stop_is_answered(nats_server: NatsServer) -> None:
    client, asker = await nats.connect(nats_server.url), await nats.connect(nats_server.url)
    subject, begun, go_on = client.new_inbox(), asyncio.Event(), asyncio.Event()

    async def tell(question: Question) -> Reply:
        begun.set()
        await go_on.wait()
        return await _tell(question)

    async def serve() -> None:
        async with answering(client, subject, "group", Question, tell):
            await begun.wait()

    try:
        serving = asyncio.create_task(serve())
        await client.flush()
        body = Question(size=3).model_dump_json().encode()
        asked = [asyncio.create_task(asker.request(subject, body, timeout=20)) for _ in range(3)]
        await begun.wait()
        await asker.flush()
        go_on.set()
        answers = [Reply.model_validate_json(message.data).text for message in await asyncio.gather(*asked)]
        await serving
    finally:
        await asyncio.gather(client.close(), asker.close())
    assert answers == ["xxx"] * 3
