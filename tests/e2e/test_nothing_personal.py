"""Somebody who fills in every field is searched for in everything the network writes: all of it is in their export, and after erasure
none of it is anywhere.

Not searched: the files and the write-ahead log of PostgreSQL, from which deleted rows go with vacuum and recycling (ADR 0023).
"""

import asyncio
import json
import re
import zipfile
from io import BytesIO
from uuid import uuid4

import asyncpg
import httpx
import pytest

from chassis.settings import database_dsn
from local.demo.site import site
from services.registration import notices
from tests.fixtures.arena import Arena
from tests.fixtures.meetups import publish_meetup
from tests.fixtures.personal_traces import Hit, files_with, rows_with, statistics_with

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

NAME = "Zéphyrine Introuvable"
ADDRESS = "zephyrine.introuvable@personne.example"
TRACES = (b"zephyrine", b"introuvable", "Zéphyrine".encode(), b"Z\\u00e9phyrine", b"Introuvable")
"""How either could have been written down."""

SECRETS = {
    "access_tokens": {"token_hash"},
    "decoys": set(),
    "idempotency_keys": {"request_hash"},
    "organiser_actions": {"trace_id"},
}
"""Hashes of secrets, which no export gives away, and the trace of somebody else's request."""

NEVER_EXPORTED = {
    "event_log": "stands in the export as events, with its body read",
    "outbox": "positions of events that are about to leave",
}


async def test_a_person_is_in_one_database_alone_all_of_it_is_exported_and_after_erasure_nothing(arena: Arena) -> None:
    reference = await _go_all_the_way(arena)
    await _at_rest(arena)

    assert {hit.service for hit in await rows_with(arena.postgres.dsn, TRACES)} == {"registration"}
    await _nowhere_else(arena)

    await _export_holds_every_row(arena, reference)

    code, said = await arena.run("services.registration", "person-erase", ADDRESS)
    assert code == 0
    assert await rows_with(arena.postgres.dsn, TRACES), f"a dry run erased somebody: {said}"

    code, said = await arena.run("services.registration", "person-erase", ADDRESS, "--yes")
    assert code == 0, said
    await _at_rest(arena)
    assert await rows_with(arena.postgres.dsn, TRACES) == []
    await _nowhere_else(arena)


async def _go_all_the_way(arena: Arena) -> str:
    """Fill in every field, confirm, register again, ask for links, come, be looked at; return the reference."""
    meetup_id = await publish_meetup(arena.site, arena.admin_token, capacity=10)
    organiser = {"Authorization": f"Bearer {arena.admin_token}"}
    question = {"id": "q1", "kind": "text", "label": "Que cherchez-vous ?"}
    async with httpx.AsyncClient(base_url=arena.site, trust_env=False, timeout=30) as http:
        asked = await http.patch(f"/api/v1/meetups/{meetup_id}", json={"questions": [question]}, headers=organiser)
        assert asked.status_code == 200, asked.text
        first = await _register(http, meetup_id)
        mail = await arena.sink.wait_for(lambda mail: ADDRESS in mail.recipients, seconds=30)
        link = re.search(r"\?token=([A-Za-z0-9_-]+)", mail.text())
        assert link is not None
        async with site(url=arena.site, admin_token=arena.admin_token) as people:
            await people.confirm(first["reference"], token=link[1])
            await people.check_in(meetup_id, [first["reference"]])
        again = await _register(http, meetup_id)
        assert again["reference"] != first["reference"], "the second answer tells that there was a first"
        listed = await http.get(f"/api/v1/meetups/{meetup_id}/registrations", headers=organiser)
        assert NAME in listed.text
        await http.post("/mes-inscriptions", data={"email": ADDRESS})
    return str(first["reference"])


async def _register(http: httpx.AsyncClient, meetup_id: str) -> dict[str, str]:
    body = {
        "full_name": NAME,
        "email": ADDRESS,
        "headcount": "1-9",
        "organisation": "Fournil Introuvable",
        "identifier": {"scheme": "siret", "value": "732 829 320 00074"},
        "role": "head",
        "sector": "food",
        "needs": ["where_to_start"],
        "answers": {"q1": "une idée introuvable"},
        "access_needs": "boucle magnétique introuvable",
        "consents": [
            {"purpose": purpose, "text_version": notices.consent(purpose).version} for purpose in notices.PURPOSES
        ],
    }
    answer = await http.post(
        f"/api/v1/meetups/{meetup_id}/registrations", json=body, headers={"Idempotency-Key": str(uuid4())}
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.json()
    return found


async def _export_holds_every_row(arena: Arena, reference: str) -> None:
    person, registrations = await _ids(arena)
    hits = await rows_with(
        arena.postgres.dsn, [*TRACES, *(str(i).encode() for i in (person, *registrations)), reference.encode()]
    )
    file = arena.data / "export.zip"
    code, said = await arena.run("services.registration", "person-export", ADDRESS, "--zip", str(file))
    assert code == 0, said
    packed = zipfile.ZipFile(BytesIO(file.read_bytes()))
    file.unlink()
    document = json.loads(packed.read("donnees.json"))
    assert document["not_answered"] == []
    exported = [row for kinds in document["services"].values() for rows in kinds.values() for row in rows]
    assert {key for row in exported for key in row} <= set(document["keys"])
    assert all(words != key for key, words in document["keys"].items()), "a key has no words"
    missing = [hit for hit in hits if not _stands_in(hit, exported)]
    assert missing == []
    assert packed.read("donnees.pdf").startswith(b"%PDF")
    tables = {hit.table.rpartition(".")[2] for hit in hits}
    assert tables >= {
        "people",
        "attendees",
        "registrations",
        "consents",
        "decoys",
        "deliveries",
        "registration_facts",
        "scans",
    }
    assert any(row.get("action") == "registrations.listed" for row in exported), "who looked at the list is missing"


def _stands_in(hit: Hit, exported: list[dict[str, object]]) -> bool:
    table = hit.table.rpartition(".")[2]
    if table in NEVER_EXPORTED:
        return table != "event_log" or any(row.get("id") == hit.row["id"] for row in exported)
    told = {key: value for key, value in hit.row.items() if value is not None and key not in SECRETS.get(table, set())}
    return any(all(row.get(key) == value for key, value in told.items()) for row in exported)


async def _ids(arena: Arena) -> tuple[str, list[str]]:
    connection = await asyncpg.connect(database_dsn(arena.postgres.dsn, "rencontres_registration"))
    try:
        rows = await connection.fetch(
            "SELECT a.person_id, a.registration_id FROM attendees AS a JOIN people AS p ON p.id = a.person_id WHERE p.email = $1",
            ADDRESS,
        )
    finally:
        await connection.close()
    assert rows
    return str(rows[0]["person_id"]), [str(row["registration_id"]) for row in rows]


async def _nowhere_else(arena: Arena) -> None:
    assert await statistics_with(arena.postgres.dsn, TRACES) == [], "in samples that the planner keeps"
    assert list(files_with(arena.nats.folder, TRACES)) == [], "in the files of the stream"
    assert list(files_with(arena.data, TRACES)) == [], "in a log or another file of the run"
    assert not any(trace in body for body in arena.collector.bodies for trace in TRACES), "in a span or a metric"


async def _at_rest(arena: Arena) -> None:
    """Wait until mails are sent, reports are up to date, and exporters have told two more rounds."""
    before = len(arena.collector.bodies)
    async with asyncio.timeout(60):
        while len(arena.collector.bodies) < before + 10 or await arena.stores.outbox() or await arena.stores.lag():  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        while await arena.stores.waiting_mails():  # noqa: ASYNC110 - other processes have no event to give
            await asyncio.sleep(0.2)
