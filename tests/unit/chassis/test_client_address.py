"""Who speaks, seen through proxies: what strangers write into a header changes nothing."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from chassis.client_address import ClientAddress, TrustedProxies, is_at_home, network_of, read
from chassis.settings import ChassisSettings

LOCAL = TrustedProxies()
TWO = TrustedProxies("10.0.0.0/8, 2001:db8:ffff::/48")


@pytest.mark.parametrize(
    ("proxies", "peer", "header", "client"),
    [
        (LOCAL, "203.0.113.9", b"198.51.100.1", "203.0.113.9"),  # no proxy: the header is a stranger's
        (LOCAL, "127.0.0.1", b"203.0.113.9", "203.0.113.9"),
        (LOCAL, "127.0.0.1", b"127.0.0.1, 203.0.113.9", "203.0.113.9"),  # the left part is a stranger's
        (LOCAL, "127.0.0.1", b"10.0.0.1, 1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (LOCAL, "::1", b"2001:db8::7", "2001:db8::7"),
        (LOCAL, "::ffff:127.0.0.1", b"::ffff:203.0.113.9", "203.0.113.9"),
        (TWO, "10.0.0.1", b"203.0.113.9, 10.1.2.3", "203.0.113.9"),  # two proxies of ours
        (TWO, "::ffff:10.0.0.1", b"203.0.113.9,2001:db8:ffff::1", "203.0.113.9"),
        (TWO, "10.0.0.1", b"203.0.113.9:4711", "203.0.113.9"),
        (TWO, "10.0.0.1", b"[2001:db8::7]:4711", "2001:db8::7"),
        (TWO, "10.0.0.1", b"10.0.0.2", "10.0.0.2"),  # from inside
        (TWO, "10.0.0.1", b"unknown", "10.0.0.1"),
        (TWO, "10.0.0.1", b"203.0.113.9, _hidden", "10.0.0.1"),
        (TWO, "10.0.0.1", b"", "10.0.0.1"),
        (TWO, "10.0.0.1", b"203.0.113.9.evil.example", "10.0.0.1"),
        (TWO, "10.0.0.1", b"0x7f.0.0.1", "10.0.0.1"),
        (TWO, "10.0.0.1", b"203.0.113.09", "10.0.0.1"),
        (TWO, "10.0.0.1", b"\xd9\xa1.2.3.4", "10.0.0.1"),
        (TWO, "unix", b"203.0.113.9", "unix"),
    ],
)
def test_the_client_is_the_rightmost_address_that_is_no_proxy_of_ours(
    proxies: TrustedProxies, peer: str, header: bytes, client: str
) -> None:
    assert proxies.client_of(peer, [header]) == client


def test_several_headers_are_one_list() -> None:
    assert TWO.client_of("10.0.0.1", [b"198.51.100.1", b"203.0.113.9, 10.0.0.2"]) == "203.0.113.9"


@given(spoofed=st.binary(max_size=200))
def test_whatever_a_stranger_sends_first_the_address_added_by_the_proxy_counts(spoofed: bytes) -> None:
    assert LOCAL.client_of("127.0.0.1", [spoofed, b"203.0.113.9"]) == "203.0.113.9"


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_none_and_has_a_network(text: str) -> None:
    assert (read(text) is None) <= (network_of(text) == b"?") or "%" in text
    assert len(network_of(text)) in {1, 4, 7}


def test_a_subscriber_is_an_ipv4_address_or_the_first_56_bits_of_an_ipv6_address() -> None:
    assert network_of("203.0.113.9") == network_of("::ffff:203.0.113.9") != network_of("203.0.113.10")
    assert network_of("2001:db8:1:2ab::1") == network_of("2001:db8:1:2ff::2") != network_of("2001:db8:1:3ff::2")


@pytest.mark.parametrize(
    ("client", "headers", "at_home"),
    [
        ("127.0.0.1", [], True),
        ("::1", [], True),
        ("127.0.0.1", [(b"x-forwarded-for", b"127.0.0.1")], False),  # no header can claim it
        ("127.0.0.1", [(b"x-forwarded-for", b"203.0.113.9")], False),
        ("203.0.113.9", [(b"x-forwarded-for", b"127.0.0.1")], False),
    ],
)
async def test_only_a_bare_connection_over_loopback_comes_from_this_machine(
    client: str, headers: list[tuple[bytes, bytes]], at_home: bool
) -> None:
    scope = await _seen(client, headers)
    assert is_at_home(scope) is at_home


@pytest.mark.parametrize(
    ("client", "said", "scheme"),
    [("127.0.0.1", b"https", "https"), ("127.0.0.1", b"http, HTTPS", "https"), ("127.0.0.1", b"javascript", "http"),
     ("203.0.113.9", b"https", "http")],
)  # fmt: skip
async def test_the_scheme_is_believed_from_a_proxy_alone(client: str, said: bytes, scheme: str) -> None:
    assert (await _seen(client, [(b"x-forwarded-proto", said)]))["scheme"] == scheme


def test_networks_that_are_none_stop_the_start() -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        ChassisSettings(trusted_proxies="10.0.0.1/8")
    assert read("10.1.2.3") in ChassisSettings(trusted_proxies="10.0.0.0/8").proxies
    assert read("127.0.0.1") not in ChassisSettings(trusted_proxies="").proxies


async def _seen(client: str, headers: list[tuple[bytes, bytes]]) -> Scope:
    found: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(scope)

    scope = {"type": "http", "client": (client, 1), "headers": headers, "scheme": "http"}
    await ClientAddress(app, proxies=LOCAL)(scope, _nothing, _nowhere)
    return found[0]


async def _nothing() -> dict[str, object]:
    raise AssertionError


async def _nowhere(message: object) -> None:
    raise AssertionError


def test_httpx_and_the_tests_of_this_project_come_over_loopback() -> None:
    assert httpx.ASGITransport(lambda *_: None).client[0] == "127.0.0.1"  # type: ignore[arg-type]
