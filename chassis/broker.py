"""The connection to NATS: it outlives outages, keeps its answers in an inbox of its own, and says aloud what the broker refuses."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlsplit

import nats
import structlog
from nats.aio.client import Client

from chassis import telemetry
from chassis.broker_servers import servers
from chassis.broker_trust import trusted
from chassis.exits import NotAllowed, Unreachable
from contracts.permissions import inbox_prefix

if TYPE_CHECKING:
    from faststream.nats import NatsBroker

CONNECT_TIMEOUT = 30.0
RECONNECT_WAIT = 1
GRACE = 15.0
PING_INTERVAL = 5


class _Options(TypedDict):
    name: str
    inbox_prefix: str
    max_reconnect_attempts: int
    reconnect_time_wait: int
    ping_interval: int
    max_outstanding_pings: int
    closed_cb: Callable[[], Awaitable[None]]
    disconnected_cb: Callable[[], Awaitable[None]]
    reconnected_cb: Callable[[], Awaitable[None]]
    error_cb: Callable[[Exception], Awaitable[None]]


Refused = Callable[[str], None]
"""Told what the broker does not let this user do, in its words."""

_log = structlog.get_logger(__name__)
_refusals = telemetry.meter("broker").create_counter(
    "rencontres.broker.refusals", description="What the broker did not let this process do. Anything but 0 is a fault."
)


async def connect(
    url: str, *, name: str, on_closed: Callable[[], None], on_refused: Refused = lambda _: None
) -> Client:
    """Connect and stay connected; `on_closed` ends the process should the client close for good.

    Raises Unreachable when no broker answers within 30 s, NotAllowed when it does not let this user in.
    """
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT):
            return await nats.connect(servers(url), **tls_options(url), **_options(url, name, on_closed, on_refused))
    except TimeoutError as error:
        raise Unreachable(
            f"NATS does not answer at {address(url)}: start it, or set RENCONTRES_NATS_URL to where it is"
        ) from error


def address(url: str) -> str:
    """Where a server is, without the user and password that may stand in its URL."""
    return urlsplit(url).netloc.rpartition("@")[2]


async def connect_briefly(url: str, *, name: str, seconds: float) -> Client:
    """Connect for a question or two: the client's own patience of two minutes is more than anybody waits.

    Raises OSError, TimeoutError or nats.errors.Error.
    """

    async def failed(error: Exception) -> None:
        _say(error)

    async with asyncio.timeout(seconds):
        return await nats.connect(
            servers(url),
            name=name,
            inbox_prefix=inbox_prefix(url),
            allow_reconnect=False,
            error_cb=failed,
            **tls_options(url),
        )


def connection_number(client: Client) -> int | None:
    """Return which connection of a client this is, or None while there is none: answers to what went over an earlier one do not come."""
    return client.stats["reconnects"] if client.is_connected else None


async def heard(client: Client) -> None:
    """Return once the broker has read all that was sent, and said what of it it refuses.

    nats-py 2.16 sends the ping of a flush before what waits to be sent; that of a second one comes after it.
    """
    await client.flush()
    await client.flush()


def event_broker(
    url: str, *, name: str, on_closed: Callable[[], None], on_refused: Refused = lambda _: None
) -> "NatsBroker":
    """Return a FastStream broker for consumers, not yet connected, with the same options as `connect`.

    Dependency injection is off: each injected parameter would cost a thread hop a message.
    """
    # Imported by the two processes that consume: the others need not wait 0.2 s for it.
    from faststream.nats.security import NatsSecurity

    from chassis.steady_pull import SteadyBroker

    options = _options(url, name, on_closed, on_refused)
    context = trusted(url)
    security = NatsSecurity(ssl_context=context, tls_handshake_first=True) if context else None
    return SteadyBroker(
        servers(url), apply_types=False, logger=None, graceful_timeout=GRACE, security=security, **options
    )


class _Tls(TypedDict, total=False):
    tls: ssl.SSLContext
    tls_handshake_first: bool


def tls_options(url: str) -> _Tls:
    """How the client connects to the server of a URL that names an authority. Raises BadConfiguration."""
    context = trusted(url)
    return {"tls": context, "tls_handshake_first": True} if context else {}


def _options(url: str, name: str, on_closed: Callable[[], None], on_refused: Refused) -> _Options:
    was_connected = False

    async def closed() -> None:
        on_closed()

    async def disconnected() -> None:
        nonlocal was_connected
        was_connected = True

    async def reconnected() -> None:
        _log.info("broker back")

    async def failed(error: Exception) -> None:
        if (refusal := _say(error)) is None:
            return
        if _NOT_LET_IN in refusal:
            # What is raised here ends the first connecting, which would go on for ever; a later one must go on.
            if not was_connected:
                user = urlsplit(url).username or "nobody in particular"
                raise NotAllowed(f"the broker does not let in {user}: check user and password in RENCONTRES_NATS_URL")
        else:
            on_refused(refusal)

    return {
        "name": name,
        "inbox_prefix": inbox_prefix(url),
        # The client's own limit of 60 attempts would close it for good after two minutes without a broker, and FastStream's
        # pull loop on a closed client spins without ever yielding to the event loop.
        "max_reconnect_attempts": -1,
        "reconnect_time_wait": RECONNECT_WAIT,
        "ping_interval": PING_INTERVAL,
        "max_outstanding_pings": 2,
        "closed_cb": closed,
        "disconnected_cb": disconnected,
        "reconnected_cb": reconnected,
        "error_cb": failed,
    }


_NOT_LET_IN = "authorization violation"
_NOT_ALLOWED = "permissions violation"


def _say(error: Exception) -> str | None:
    """Log what went wrong; return the broker's words when it is a refusal. They come on their own, without the call they answer."""
    said = str(error).removeprefix("nats: ").strip("'")
    if not any(refusal in said.lower() for refusal in (_NOT_LET_IN, _NOT_ALLOWED)):
        _log.warning("broker away", error=type(error).__name__)
        return None
    _log.error("the broker refuses", refusal=said)
    _refusals.add(1)
    return said.lower()
