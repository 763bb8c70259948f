"""What every test may ask for by name."""

import pytest
from hypothesis import settings

pytest_plugins = ["tests.fixtures.servers", "tests.fixtures.telemetry", "tests.fixtures.arena"]

# Machines that run many tests at once pause each for longer than an example takes.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts a network or breaks servers runs in one worker, one after the other, whatever `-n` says."""
    for item in items:
        if any(item.get_closest_marker(marker) for marker in ("chaos", "e2e", "browser")):
            item.add_marker(pytest.mark.xdist_group("network"))
