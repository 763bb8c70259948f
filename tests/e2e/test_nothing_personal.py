"""A name and an address typed into the form are searched for in everything the network writes, before and after their erasure."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from chassis.settings import database_dsn
from local.demo.site import site
from tests.fixtures.arena import Arena
from tests.fixtures.meetups import publish_meetup

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

NAME = "Zéphyrine Introuvable"
ADDRESS = "zephyrine.introuvable@personne.example"
TRACES = (b"zephyrine", b"introuvable", "Zéphyrine".encode(), b"Z\\u00e9phyrine", b"Introuvable")
"""How either could have been written down."""


async def test_a_person_is_in_one_database_alone_and_after_erasure_nowhere(arena: Arena) -> None:
    meetup_id = await publish_meetup(arena.site, arena.admin_token, capacity=10)
    async with site(url=arena.site, admin_token=arena.admin_token) as people:
        await people.register(meetup_id, name=NAME, email=ADDRESS, headcount="1-9", locale="fr")
    await arena.sink.wait_for(lambda mail: ADDRESS in mail.recipients, seconds=30)
    await _spans_told(arena)

    assert await _databases_with(arena) == {"rencontres_registration"}
    assert list(_files_with(arena.nats.folder)) == [], "in the files of the stream"
    assert list(_files_with(arena.data / "log")) == [], "in a log"
    assert not any(trace in body for body in arena.collector.bodies for trace in TRACES), "in a span or a metric"

    code, said = await arena.run("services.registration", "person-erase", ADDRESS)
    assert code == 0
    assert await _databases_with(arena) == {"rencontres_registration"}, f"a dry run erased somebody: {said}"

    code, said = await arena.run("services.registration", "person-erase", ADDRESS, "--yes")
    assert code == 0, said
    await _spans_told(arena)
    assert await _databases_with(arena) == set()
    assert list(_files_with(arena.nats.folder)) == []
    assert list(_files_with(arena.data / "log")) == []
    assert not any(trace in body for body in arena.collector.bodies for trace in TRACES)


async def _databases_with(arena: Arena) -> set[str]:
    """Return the databases in which any column of any table holds a trace of the person."""
    found = set()
    for service in ("registration", "notifications", "analytics"):
        name = f"rencontres_{service}"
        connection = await asyncpg.connect(database_dsn(arena.postgres.dsn, name))
        try:
            tables = await connection.fetch(
                """SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
                   WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"""
            )
            for table in tables:
                rows = await connection.fetch(f"SELECT t::text AS row FROM {table['name']} AS t")
                if any(trace in row["row"].encode() for row in rows for trace in TRACES):
                    found.add(name)
        finally:
            await connection.close()
    return found


def _files_with(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        if file.is_file() and any(trace in file.read_bytes() for trace in TRACES):
            yield file


async def _spans_told(arena: Arena) -> None:
    """Wait until exporters have sent what they held: two rounds of bodies after now."""
    before = len(arena.collector.bodies)
    async with asyncio.timeout(30):
        while len(arena.collector.bodies) < before + 10:  # noqa: ASYNC110 - other processes have no event to give
            await asyncio.sleep(0.1)
