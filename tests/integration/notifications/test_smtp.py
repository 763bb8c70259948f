"""One connection to a mail server: every way in which a mail is not accepted, with commands one by one and all at once."""

import pytest
from pydantic_core import Url

from services.notifications.delivery.smtp import Connection, Interrupted, Refused, Server, ServerAway
from tests.fixtures.grumpy_smtp import HANG_UP, YES, GrumpyServer

SENDER, RECIPIENT = "rencontres@example.org", "zaina@people.example"
CONTENT = b"Subject: dots\r\n\r\n.one\r\n..two\r\nthree.\r\n"

one_by_one_or_at_once = pytest.mark.parametrize("pipelining", [False, True], ids=["one by one", "at once"])


@one_by_one_or_at_once
async def test_what_arrives_is_what_was_written(pipelining: bool) -> None:
    async with GrumpyServer(pipelining=pipelining).listening() as server:
        connection = _to(server)
        for _ in range(3):
            await _send(connection)
        await connection.close()
    assert [mail.get_content() for mail in server.accepted] == [".one\r\n..two\r\nthree.\r\n"] * 3
    assert server.connections == 1


@one_by_one_or_at_once
@pytest.mark.parametrize(("reply", "permanent"), [("450 4.2.1 later", False), ("550 5.1.1 unknown", True)])
async def test_a_refused_recipient_is_no_fault_of_the_next(pipelining: bool, reply: str, permanent: bool) -> None:
    async with GrumpyServer(to_recipients=[reply], pipelining=pipelining).listening() as server:
        connection = _to(server)
        with pytest.raises(Refused) as refused:
            await _send(connection)
        await _send(connection)
        await connection.close()
    assert (str(refused.value), refused.value.permanent) == (f"smtp-{reply[:3]}", permanent)
    assert len(server.accepted) == 1


@one_by_one_or_at_once
async def test_a_refused_content_is_no_fault_of_the_next(pipelining: bool) -> None:
    async with GrumpyServer(to_mails=["554 5.7.1 no"], pipelining=pipelining).listening() as server:
        connection = _to(server)
        with pytest.raises(Refused):
            await _send(connection)
        await _send(connection)
        await connection.close()
    assert (len(server.accepted), server.connections) == (1, 1)


@one_by_one_or_at_once
async def test_a_server_that_closes_is_away_and_no_mail_is_to_blame(pipelining: bool) -> None:
    async with GrumpyServer(to_recipients=["421 4.3.2 closing"], pipelining=pipelining).listening() as server:
        connection = _to(server)
        with pytest.raises(ServerAway):
            await _send(connection)
        await _send(connection)
        await connection.close()
    assert server.connections == 2


@one_by_one_or_at_once
async def test_a_connection_lost_under_a_mail_leaves_doubt(pipelining: bool) -> None:
    async with GrumpyServer(to_mails=[HANG_UP], pipelining=pipelining).listening() as server:
        connection = _to(server)
        with pytest.raises(Interrupted):
            await _send(connection)
        await _send(connection)
        await connection.close()


@one_by_one_or_at_once
async def test_an_idle_connection_that_was_cut_is_opened_again_unseen(pipelining: bool) -> None:
    async with GrumpyServer(to_recipients=[YES, HANG_UP], pipelining=pipelining).listening() as server:
        connection = _to(server)
        await _send(connection)
        await _send(connection)
        await connection.close()
    assert (len(server.accepted), server.connections) == (2, 2)


async def test_nobody_there_is_away() -> None:
    async with GrumpyServer().listening() as server:
        pass
    with pytest.raises(ServerAway):
        await _send(_to(server))


async def test_an_address_beyond_ascii_needs_a_server_that_takes_it() -> None:
    async with GrumpyServer().listening() as server:
        connection = _to(server)
        with pytest.raises(Refused) as refused:
            await connection.send(sender=SENDER, recipient="zaïna@people.example", content=CONTENT, cleared=_at_once)
        await connection.close()
    assert refused.value.permanent


def _to(server: GrumpyServer) -> Connection:
    return Connection(Server.parse(Url(server.url), greet_as="tests.invalid"), timeout=5)


async def _send(connection: Connection) -> None:
    await connection.send(sender=SENDER, recipient=RECIPIENT, content=CONTENT, cleared=_at_once)


async def _at_once() -> None:
    """Nothing is waiting to be recorded."""
