"""No server starts with a password that others know: each is a reference to a secret, and one that is missing stops the start.

The scanner of `make audit` finds what looks random; here are the words it lets through: `postgres`, `change-me`, an empty one.
"""

import re
from collections.abc import Iterable, Iterator

import pytest

from tests.fixtures.composition import composition
from tests.fixtures.manifests import OVERLAYS, overlay, strings

_IN_URL = re.compile(r"[a-z$()_A-Z]+://(?P<user>[^\s/@:\"']*):(?P<password>[^\s/@\"']*)@")
_NAMED = re.compile(r"PASSWORD|SECRET|CREDENTIAL|TOKEN|_KEY$|KEY_ID$")
_FROM_A_SECRET = re.compile(r"\$\((?P<name>\w+)\)")
_REQUIRED = re.compile(r"\$\{(?P<name>\w+):\?\}")


def known_passwords(variables: Iterable[tuple[str, str | None]], reference: re.Pattern[str]) -> Iterator[str]:
    """Return the names of variables whose value holds a password, or is one by its name, that is no such reference."""
    for name, value in variables:
        passwords = [match["password"] for match in _IN_URL.finditer(value or "")]
        passwords += [value] if value is not None and _NAMED.search(name) else []
        if any(not reference.fullmatch(password) for password in passwords):
            yield name


@pytest.mark.parametrize(
    ("name", "value", "known"),
    [
        ("POSTGRES_PASSWORD", "${POSTGRES_PASSWORD:?}", False),
        ("POSTGRES_PASSWORD", "postgres", True),
        ("POSTGRES_PASSWORD", "", True),
        ("POSTGRES_PASSWORD", "${POSTGRES_PASSWORD:-postgres}", True),
        ("POSTGRES_PASSWORD", "${POSTGRES_PASSWORD}", True),
        ("RENCONTRES_NATS_URL", "nats://relay:${RELAY:?}@nats:4222", False),
        ("RENCONTRES_NATS_URL", "nats://nats:4222", False),
        ("RENCONTRES_NATS_URL", "nats://relay:guest@nats:4222", True),
        ("RENCONTRES_NATS_URL", "nats://relay:@nats:4222", True),
    ],
)
def test_a_password_that_others_know_is_told(name: str, value: str, known: bool) -> None:
    assert list(known_passwords([(name, value)], _REQUIRED)) == ([name] if known else [])


def test_one_server_has_no_password_but_those_of_its_env_file() -> None:
    services = composition().services
    assert any(
        "${POSTGRES_PASSWORD:?}" in (value or "") for one in services.values() for value in one.environment.values()
    )
    for name, service in services.items():
        assert list(known_passwords(service.environment.items(), _REQUIRED)) == [], name


@pytest.mark.parametrize("name", OVERLAYS)
def test_a_cluster_has_no_password_but_those_of_its_secrets(name: str) -> None:
    for workload in overlay(name).workloads:
        for container in workload.pod.every_container:
            values = [(one.name, one.value) for one in container.env]
            assert list(known_passwords(values, _FROM_A_SECRET)) == [], (workload.name, container.name)
            secret = {one.name for one in container.env if one.value_from and one.value_from.secret_key_ref}
            for _, value in values:
                for match in _IN_URL.finditer(value or ""):
                    assert match["password"][2:-1] in secret, (workload.name, match["password"])


@pytest.mark.parametrize("name", OVERLAYS)
def test_nothing_else_that_is_rendered_has_one_in_a_url(name: str) -> None:
    written = {
        match["password"] for one in overlay(name).raw for text in strings(one) for match in _IN_URL.finditer(text)
    }
    assert written
    assert {one for one in written if not _FROM_A_SECRET.fullmatch(one)} == set()
