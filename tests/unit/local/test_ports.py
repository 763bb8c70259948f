"""Ports of a run do not meet each other, and those the documentation names stay."""

import socket

import pytest

from local.ports import LOOPBACK, free_port, is_free
from local.processes import HIGHEST_BASE, LOWEST_BASE, SERVICE_PROCESSES, Ports


def test_the_documented_ports_are_those_of_the_default_base() -> None:
    ports = Ports()
    offsets = {row.name: row.offset for row in SERVICE_PROCESSES}
    assert (ports.base, ports.console, ports.smtp) == (8000, 8009, 2525)
    assert (offsets["registration-api"], offsets["notifications-worker"], offsets["analytics-api"]) == (0, 1, 2)


@pytest.mark.parametrize("base", [LOWEST_BASE, 8000, HIGHEST_BASE])
def test_no_port_is_given_twice_and_all_are_ports(base: int) -> None:
    ports = Ports(base)
    servers = [ports.console, ports.nats, ports.postgres, ports.nats_monitoring, ports.smtp]
    every = [*servers, *(base + row.offset for row in SERVICE_PROCESSES)]
    assert len(set(every)) == len(every)
    assert all(0 < port < 65536 for port in every)


def test_a_port_somebody_listens_on_is_not_free() -> None:
    port = free_port()
    assert is_free(port)
    with socket.create_server((LOOPBACK, port)):
        assert not is_free(port)
