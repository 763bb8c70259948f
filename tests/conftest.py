"""What every test may ask for by name."""

import pytest
import structlog
from hypothesis import settings

pytest_plugins = ["tests.fixtures.servers", "tests.fixtures.telemetry", "tests.fixtures.arena"]

# Machines that run many tests at once pause each for longer than an example takes.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# By default structlog draws an exception with every local variable of every frame. A storm of lost connections took seconds of that, on the
# event loop, in which other connections ran out of time.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


@pytest.hookimpl(tryfirst=True)  # before xdist writes the groups into the ids
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts a network or breaks servers runs in one worker, one after the other, whatever `-n` says."""
    for item in items:
        if any(item.get_closest_marker(marker) for marker in ("chaos", "e2e", "browser")):
            item.add_marker(pytest.mark.xdist_group("network"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse ids that xdist would misread: it runs one test an id, and knows a group by the end of its ids.

    pytest 9.2 broke both without a word: 26 of 28 Schemathesis tests were skipped, and tests that break servers ran beside each other.
    """
    ids = [item.nodeid for item in session.items]
    if len(set(ids)) < len(ids):
        raise pytest.UsageError("several tests share one id, of which xdist would run one")
    grouped = [item for item in session.items if item.get_closest_marker("xdist_group")]
    if session.config.getoption("loadgroup", default=False) and not all("@" in item.nodeid for item in grouped):
        raise pytest.UsageError("xdist does not see the groups of these tests")
