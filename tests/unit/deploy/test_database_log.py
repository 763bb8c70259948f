"""No PostgreSQL that we start writes down the row it refused or the values of a slow statement: names and addresses stand in them."""

import pytest

from local import postgres
from tests.fixtures.composition import composition
from tests.fixtures.manifests import overlay

AS_TEXT = {"log_error_verbosity": "terse", "log_min_error_statement": "panic", "log_parameter_max_length": "0"}
"""In a log of text `terse` leaves out DETAIL, where both stand."""
AS_CSV = {"log_min_messages": "log", "log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0"}
"""In one of CSV it does not (PostgreSQL 18): errors stay out altogether."""


def test_on_a_laptop() -> None:
    assert postgres._SETTINGS.items() >= AS_TEXT.items()


def test_on_one_server() -> None:
    assert _options(composition().services["postgres"].command).items() >= AS_TEXT.items()


def test_in_a_small_cluster() -> None:
    (container,) = overlay("local").workload("postgres").pod.containers
    assert _options(container.args).items() >= AS_TEXT.items()


@pytest.mark.parametrize("name", ["staging", "production"])
def test_in_a_cluster_whose_operator_logs_as_csv(name: str) -> None:
    # `postgresql.cnpg.io` has it; other operators have clusters, too.
    (cluster,) = [one for one in overlay(name).of("Cluster") if one.api_version.startswith("postgresql.cnpg.io/")]
    server = cluster.spec["postgresql"]
    assert isinstance(server, dict)
    parameters = server["parameters"]
    assert isinstance(parameters, dict)
    assert parameters.items() >= AS_CSV.items()


def _options(words: tuple[str, ...]) -> dict[str, str]:
    pairs = (word.removeprefix("--").partition("=") for word in words if word.startswith("--"))
    return {name: value for name, _, value in pairs}
