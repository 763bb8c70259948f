"""What the user's environment names replaces the embedded part; nothing else does."""

from pathlib import Path

from local.configuration import Configuration


def test_without_environment_every_part_is_embedded() -> None:
    configuration = Configuration.from_environment(data=Path("var"), port_base=9000, environment={})
    assert configuration.external == ()
    assert configuration.ports.postgres == 9054
    assert configuration.data.is_absolute()


def test_a_set_url_replaces_that_part_and_an_empty_one_does_not() -> None:
    environment = {"RENCONTRES_NATS_URL": "nats://broker:4222", "RENCONTRES_DATABASE_URL": ""}
    configuration = Configuration.from_environment(data=Path("var"), port_base=8000, environment=environment)
    assert configuration.external == ("nats",)
    assert configuration.nats_url == "nats://broker:4222"
