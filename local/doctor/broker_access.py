"""A short connection to NATS that hears what the broker refuses; refusals come on their own, without the call they answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import nats
import nats.errors
from nats.aio.client import Client

from chassis.broker import heard, tls_options
from chassis.broker_servers import servers
from chassis.exits import BadConfiguration
from contracts.permissions import inbox_prefix
from local.doctor.findings import NotLooked
from local.doctor.patient import Access

TIMEOUT = 5.0
ANSWER = 2.0
# A broker stores nothing that is meant for a stream of another name: so a right can be tried where it would do harm.
_FOR_NO_STREAM = {"Nats-Expected-Stream": "NONE_OF_OURS"}


class BrokerAway(Exception):
    """Nobody answers there."""


class NotLetIn(Exception):
    """The broker does not know this user with this password."""


@dataclass(slots=True)
class Caller:
    """A connection as one user."""

    client: Client
    refusals: list[str] = field(default_factory=list)

    async def may_publish(self, subject: str) -> bool:
        """Whether the broker lets a message pass; no stream keeps it."""
        self.refusals.clear()
        await self.client.publish(subject, b"", headers=_FOR_NO_STREAM)
        await heard(self.client)
        return not self.refusals

    async def may_subscribe(self, subject: str) -> bool:
        """Whether the broker lets it listen; it stops at once."""
        self.refusals.clear()
        subscription = await self.client.subscribe(subject)
        await heard(self.client)
        if not self.refusals:
            await subscription.unsubscribe()
        return not self.refusals

    async def ask(self, subject: str) -> dict[str, object]:
        """The answer of JetStream's API. Raises NotLooked when it refuses or is silent."""
        try:
            answer = await self.client.request(subject, b"", timeout=ANSWER)
        except (TimeoutError, nats.errors.Error) as failure:
            raise NotLooked(
                "this user may not ask the broker for its streams: use the URL of the operator"
            ) from failure
        parsed: dict[str, object] = json.loads(answer.data)
        return parsed


@asynccontextmanager
async def calling(access: Access) -> AsyncIterator[Caller]:
    """Connect. Raises BrokerAway or NotLetIn."""
    refusals: list[str] = []

    async def failed(error: Exception) -> None:
        refusals.append(str(error))

    try:
        async with asyncio.timeout(TIMEOUT):
            client = await nats.connect(
                servers(access.url),
                name="rencontres doctor",
                inbox_prefix=inbox_prefix(access.url),
                allow_reconnect=False,
                error_cb=failed,
                **tls_options(access.url),
            )
    except BadConfiguration as failure:
        raise NotLooked(str(failure)) from failure
    except (OSError, TimeoutError, nats.errors.Error) as failure:
        if any("authorization" in said.lower() for said in (str(failure), *refusals)):
            raise NotLetIn from failure
        raise BrokerAway from failure
    try:
        yield Caller(client, refusals)
    finally:
        await client.close()


@asynccontextmanager
async def looking(access: Access) -> AsyncIterator[Caller]:
    """The same for a check that stands on this: raises NotLooked."""
    try:
        async with calling(access) as caller:
            yield caller
    except (BrokerAway, NotLetIn) as failure:
        raise NotLooked(f"the broker does not let {access.who} look") from failure
