"""Answers a question that another service asks by request-reply. No answer means not now: who asks waits and asks again, or says so.

An answer that no message can carry is refused at once, in the headers that NATS services use for it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError
from opentelemetry.trace import SpanKind
from pydantic import ValidationError

from chassis import logging, telemetry
from chassis.broker import heard
from chassis.database import LOST
from contracts.fact import Fact

_log = logging.get(__name__)
_tracer = telemetry.tracer("answering")

Asked = TypeVar("Asked", bound=Fact)


ANSWERS_WITHIN = 5.0
"""Seconds for what was asked before a stop: nobody waits longer for an answer."""

ERROR, ERROR_CODE = "Nats-Service-Error", "Nats-Service-Error-Code"
_TOO_LARGE = {ERROR_CODE: "413", ERROR: "the answer is larger than a message may be"}


class Refused(Exception):
    """Raised to who asked when there is an answer and it cannot be given; asking again would not help."""


def raise_refusal(message: Msg) -> None:
    """Raise Refused if this reply is a refusal."""
    headers = message.headers or {}
    if ERROR_CODE in headers:
        raise Refused(f"{headers[ERROR_CODE]}: {headers.get(ERROR, '')}")


async def answer(client: Client, message: Msg, model: type[Asked], use: Callable[[Asked], Awaitable[Fact]]) -> None:
    """Answer one question, in the trace of who asked."""
    attributes = {
        telemetry.MESSAGING_SYSTEM: "nats",
        telemetry.MESSAGING_OPERATION_NAME: "respond",
        telemetry.MESSAGING_OPERATION_TYPE: "process",
        telemetry.MESSAGING_DESTINATION_NAME: message.subject,
    }
    with _tracer.start_as_current_span(
        f"respond {message.subject}",
        context=telemetry.context_of(message.headers or {}),
        kind=SpanKind.CONSUMER,
        attributes=attributes,
        record_exception=False,
    ):
        try:
            reply = await use(model.model_validate_json(message.data, extra="ignore"))
        except ValidationError:
            _log.warning("a question cannot be read", subject=message.subject)
        except LOST as error:
            _log.warning("the database does not answer", exc_info=error)
        else:
            await _respond(client, message, reply.model_dump_json(exclude_none=True).encode())


async def _respond(client: Client, message: Msg, reply: bytes) -> None:
    try:
        await message.respond(reply)
    except MaxPayloadError:
        _log.error("an answer is larger than a message may be", subject=message.subject, bytes=len(reply))
        await client.publish(message.reply, b"", headers=_TOO_LARGE)


@asynccontextmanager
async def answering(
    client: Client, subject: str, group: str, model: type[Asked], use: Callable[[Asked], Awaitable[Fact]]
) -> AsyncIterator[None]:
    """Answer what is asked on `subject` as long as the block lasts; one of `group` takes each question.

    Questions that have come are answered before it ends: who asked would wait its whole patience for one that was dropped.
    """

    async def answer_one(message: Msg) -> None:
        await answer(client, message, model, use)

    subscription = await client.subscribe(subject, group, cb=answer_one)
    try:
        await heard(client)
        yield
    finally:
        with suppress(NatsError, TimeoutError):
            async with asyncio.timeout(ANSWERS_WITHIN):
                await subscription.drain()  # type: ignore[no-untyped-call]
                await client.flush()
