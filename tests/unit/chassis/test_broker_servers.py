"""One URL, several servers."""

import pytest
from pydantic import NatsDsn

from chassis.broker_servers import servers
from contracts.permissions import inbox_prefix


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("nats://one:4222", ["nats://one:4222"]),
        ("nats://one:4222,two:4223", ["nats://one:4222", "nats://two:4223"]),
        ("nats://u:p@one:4222,two:4222", ["nats://u:p@one:4222", "nats://u:p@two:4222"]),
        ("nats://u:p@one:4222,v:q@two:4222", ["nats://u:p@one:4222", "nats://v:q@two:4222"]),
        (
            "tls://u:p@one:4222,two:4222?sslrootcert=/a,b/ca.crt",
            ["tls://u:p@one:4222?sslrootcert=/a,b/ca.crt", "tls://u:p@two:4222?sslrootcert=/a,b/ca.crt"],
        ),
    ],
)
def test_each_server_has_the_user_and_the_options_of_the_url(url: str, named: list[str]) -> None:
    assert servers(url) == named
    assert servers(str(NatsDsn(url))) == named


def test_answers_come_to_the_inbox_of_the_user_whichever_server_is_taken() -> None:
    assert inbox_prefix("nats://registration-relay:p@one:4222,two:4222") == "_INBOX_registration-relay"
    assert (
        inbox_prefix("nats://registration-relay:p@one:4222,registration-relay:p@two:4222")
        == "_INBOX_registration-relay"
    )
