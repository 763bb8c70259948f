"""One network for all faults: each test meets what the one before has left, as a real one would."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.fixtures.arena import Arena
from tests.fixtures.arena import arena as start_arena


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Arena]:
    """The network under attack."""
    async with start_arena(tmp_path_factory.mktemp("arena")) as running:
        yield running
