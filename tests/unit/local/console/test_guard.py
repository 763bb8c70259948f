"""Only this machine, by name."""

import pytest

from local.console.guard import CONTENT_SECURITY_POLICY, is_local


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8009", "localhost:8009", "LOCALHOST", "[::1]", "[::1]:8009"])
def test_this_machine_is_let_in(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "evil.example:8009", "localhost.evil.example", "127.0.0.1.evil.example:80",
             "127.0.0.1@evil.example", "localhost:80:80", "[::1", "10.0.0.1"],
)  # fmt: skip
def test_any_other_name_is_turned_away(host: str) -> None:
    assert not is_local(host)


def test_the_policy_allows_nothing_unsafe_and_nothing_from_elsewhere() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
