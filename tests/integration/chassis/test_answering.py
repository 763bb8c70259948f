"""Questions between services on a real broker."""

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
