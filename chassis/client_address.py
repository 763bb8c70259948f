"""Who speaks: the address of the client, seen through the proxies that are trusted and through no other.

uvicorn's own handling is off (`chassis.serving`): it hands on what it cannot parse as if it were an address, knows `::ffff:10.0.0.7`
for no address of `10.0.0.0/8`, and believes the left end of the header, which strangers write, once everybody is trusted.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from socket import AF_INET, AF_INET6, inet_pton
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

FORWARDED: Final = "rencontres.forwarded"
"""Set in the scope of a request that came through a proxy."""
LOOPBACK: Final = "127.0.0.0/8,::1/128"
_FOR, _PROTO = b"x-forwarded-for", b"x-forwarded-proto"
_SAID = frozenset((_FOR, _PROTO))
_MAX_HOPS = 20
_LONGEST = 64
_MAPPED = bytes(10) + b"\xff\xff"

Address = IPv4Address | IPv6Address


class TrustedProxies:
    """The addresses whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed, written `10.0.0.0/8,::1`. Raises ValueError."""

    def __init__(self, networks: str = LOOPBACK) -> None:
        self._networks: list[IPv4Network | IPv6Network] = [
            ip_network(part.strip()) for part in networks.split(",") if part.strip()
        ]

    def __contains__(self, address: Address | None) -> bool:
        """Tell whether what this address says of others is believed."""
        return address is not None and any(
            address.version == network.version and address in network for network in self._networks
        )

    def client_of(self, peer: str, forwarded: Iterable[bytes]) -> str:
        """Return who sent a request: the rightmost address that is no proxy of ours, for each proxy adds at the right whom it saw.

        What a proxy of ours added and is no address ends the search: the last address known is then the client.
        """
        client = read(peer)
        if client is None or client not in self:
            return peer if client is None else str(client)
        hops = b",".join(forwarded).decode("latin-1").split(",")
        for hop in reversed(hops[-_MAX_HOPS:]):
            said = read(_without_port(hop.strip()))
            if said is None:
                break
            client = said
            if said not in self:
                break
        return str(client)


class ClientAddress:
    """ASGI middleware: puts client and scheme right behind a proxy, and notes that there was one (`FORWARDED`)."""

    def __init__(self, app: ASGIApp, *, proxies: TrustedProxies) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            for name, _ in scope["headers"]:
                if name in _SAID:
                    self._put_right(scope)
                    break
        await self._app(scope, receive, send)

    def _put_right(self, scope: Scope) -> None:
        peer = scope.get("client")
        address = read(peer[0]) if peer else None
        if peer is None or address not in self._proxies:
            return
        forwarded = [value for name, value in scope["headers"] if name == _FOR]
        if forwarded:
            scope["client"] = (self._proxies.client_of(peer[0], forwarded), 0)
            scope[FORWARDED] = True
        schemes = [value for name, value in scope["headers"] if name == _PROTO]
        if schemes and (scheme := schemes[-1].rpartition(b",")[2].strip().lower()) in (b"http", b"https"):
            scope["scheme"] = scheme.decode()


def is_at_home(scope: Scope) -> bool:
    """Tell whether a request comes from this very machine: over loopback, and through no proxy. No header can claim it."""
    client = scope.get("client")
    if client is None or scope.get(FORWARDED):
        return False
    peer: str = client[0]
    return peer.startswith("127.") or peer in ("::1", "::ffff:127.0.0.1")


def network_of(client: str) -> bytes:
    """Return what one subscriber holds: an IPv4 address, or the /56 of an IPv6 address. What is no address counts as one."""
    try:
        if ":" not in client:
            return inet_pton(AF_INET, client)
        packed = inet_pton(AF_INET6, client.partition("%")[0])
    except (OSError, ValueError):
        return b"?"
    return packed[12:] if packed[:12] == _MAPPED else packed[:7]  # by hand: `ipaddress` takes ten times as long


def read(text: str) -> Address | None:
    """Return an address, IPv4 in IPv6 as IPv4, or None. No names, no brackets, no spaces; a zone of an interface is left out."""
    try:
        address = ip_address(text.partition("%")[0]) if len(text) <= _LONGEST else None
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.packed[:12] == _MAPPED:
        return IPv4Address(address.packed[12:])
    return address


def _without_port(hop: str) -> str:
    """`192.0.2.1:4711` and `[2001:db8::1]:4711`, as some proxies write it."""
    if hop.startswith("["):
        inside, _, rest = hop[1:].partition("]")
        return inside if not rest or (rest[0] == ":" and rest[1:].isdigit()) else hop
    host, colon, port = hop.partition(":")
    return host if colon and port.isdigit() and host.count(".") == 3 else hop
