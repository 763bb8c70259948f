"""`rebuild` as an operator meets it: what it says, and the exit code it leaves."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from nats.js import JetStreamContext
from pydantic import NatsDsn

from chassis.consumer import EventConsumer
from chassis.database import Database
from contracts.consumers import ANALYTICS
from contracts.subjects import Topology
from services.analytics.rebuild import command
from services.analytics.rebuild.replay import Replay
from services.analytics.settings import AnalyticsSettings
from tests.fixtures.reporting import meetup, registration
from tests.fixtures.servers import NatsServer
from tests.integration.analytics.conftest import apply, publish
from tests.integration.analytics.test_rebuild import old_sets, settled

Projecting = Callable[[], AbstractAsyncContextManager[EventConsumer]]


@pytest.fixture
def here(database: Database, nats_server: NatsServer, topology: Topology) -> AnalyticsSettings:
    """The settings of an operator's command, with the test's own database."""
    dsn = database.dsn

    class Here(AnalyticsSettings):
        @property
        def database_dsn(self) -> str:
            return dsn

    return Here(nats_url=NatsDsn(nats_server.url), nats_prefix=topology.prefix)


@pytest.fixture
async def projected(js: JetStreamContext, topology: Topology, projecting: Projecting) -> None:
    """Thirty-one events, applied by a projector that has no more to do."""
    place = meetup()
    await publish(js, topology, [place, *(registration(place.aggregate_id) for _ in range(30))])
    async with projecting() as consumer:
        await settled(consumer)


@pytest.mark.usefixtures("projected")
async def test_a_rebuild_says_what_it_did(
    here: AnalyticsSettings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    code = await command.rebuild(here, check=False, force=False, dry_run=False)

    said = capsys.readouterr().err
    assert code == 0
    assert "rebuild: 31 of 31 events" in said
    assert "rebuilt == live" in said
    assert f"kept as {(await old_sets(database))[0]}" in said


@pytest.mark.usefixtures("projected")
async def test_a_check_that_finds_something_ends_with_one(
    here: AnalyticsSettings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await command.rebuild(here, check=True, force=False, dry_run=False) == 0
    async with database.connection() as connection:
        await connection.execute("UPDATE live.registration_facts SET status = 'confirmed'")

    assert await command.rebuild(here, check=True, force=False, dry_run=False) == command.DIFFERENT
    assert "difference: registrations: 30 different" in capsys.readouterr().err


@pytest.mark.usefixtures("projected")
async def test_what_the_stream_does_not_know_is_not_thrown_away(
    here: AnalyticsSettings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await apply(database, [meetup()])

    assert await command.rebuild(here, check=False, force=False, dry_run=False) == command.REFUSED
    assert "republish" in capsys.readouterr().err
    assert await old_sets(database) == []
    assert await command.rebuild(here, check=False, force=True, dry_run=False) == 0


@pytest.mark.usefixtures("projected")
async def test_a_dry_run_touches_nothing(
    here: AnalyticsSettings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await command.rebuild(here, check=False, force=False, dry_run=True) == 0
    assert "would read 31 events" in capsys.readouterr().err
    assert await old_sets(database) == []


@pytest.mark.usefixtures("projected")
async def test_a_rebuild_reads_from_the_start_though_one_was_killed_on_its_way(
    here: AnalyticsSettings, js: JetStreamContext, capsys: pytest.CaptureFixture[str]
) -> None:
    killed = await Replay.open(js, here.topology, aggregates=ANALYTICS.aggregates)
    async for _ in killed.batches():
        break

    assert await command.rebuild(here, check=True, force=False, dry_run=False) == 0
    assert "read 31 events" in capsys.readouterr().err


@pytest.mark.usefixtures("projected")
async def test_old_sets_are_dropped_when_told(
    here: AnalyticsSettings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await command.rebuild(here, check=False, force=False, dry_run=False)
    await command.drop_old(here, dry_run=True)
    assert len(await old_sets(database)) == 1

    await command.drop_old(here, dry_run=False)

    assert await old_sets(database) == []
    assert "dropped: old_" in capsys.readouterr().err
