"""All that is kept of a person, from every service, as one document: what an access request (RGPD, articles 15 and 20) is answered with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf
from uuid import UUID

from pydantic import JsonValue

from chassis.sql import Query
from contracts.records import RecordSet
from services.registration.people.asking import ask_all
from services.registration.people.consents import words
from services.registration.people.finding import Channel
from services.registration.people.uses import note_use
from services.registration.store import queries
from services.registration.work import Work

OWN = "registration"
KINDS: Mapping[str, Query] = {
    "person": queries.record_of_person,
    "registrations": queries.record_of_registrations,
    "attendees": queries.record_of_attendees,
    "consents": queries.record_of_consents,
    "scans": queries.record_of_scans,
    "links": queries.record_of_links,
    "first_answers": queries.record_of_first_answers,
    "decoys": queries.record_of_decoys,
    "link_requests": queries.record_of_link_requests,
    "link_mails": queries.record_of_link_mails,
    "organiser_accesses": queries.record_of_organiser_accesses,
    "own_accesses": queries.record_of_own_accesses,
    "legal_holds": queries.record_of_legal_holds,
    "objections": queries.record_of_objections,
    "events": queries.record_of_events,
}
"""What this service keeps, by kind, and the query that reads it. A test walks every table and finds what is missing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Everything, by service and kind, as it stood at one moment. `not_answered` names the services that could not be asked."""

    person_id: UUID
    made_at: datetime
    services: Mapping[str, Mapping[str, list[dict[str, JsonValue]]]]
    not_answered: tuple[str, ...]

    def rows(self, kind: str) -> list[dict[str, JsonValue]]:
        """Return the rows of one kind, whichever service keeps them."""
        return [row for kinds in self.services.values() for row in kinds.get(kind, ())]


async def export(work: Work, person_id: UUID, *, by: Channel) -> Export | None:
    """Return all that is kept of a person, and note that it was asked for; None when there is no such person."""
    async with work.database.connection() as connection:
        if await queries.person_record.fetchrow(connection, person_id) is None:
            return None
        await note_use(connection, person_id, "exported", by=by, now=work.clock.now())
    return await look(work, person_id)


async def look(work: Work, person_id: UUID, *, patience: float = inf) -> Export | None:
    """Return the same without a note, waiting `patience` seconds for each other service: what the person's own page shows."""
    async with work.database.connection() as connection:
        if await queries.person_record.fetchrow(connection, person_id) is None:
            return None
        now = work.clock.now()
        own = {
            kind: found
            for kind, query in KINDS.items()
            if (found := [row["row"] for row in await query.fetch(connection, person_id)])
        }
    for consent in own.get("consents", ()):
        consent["text"] = words(str(consent["purpose"]), str(consent["text_version"]), str(consent["locale"]))
    registration_ids = [UUID(str(row["id"])) for row in own.get("registrations", ())]
    answers = await ask_all(work, person_id=person_id, registration_ids=registration_ids, patience=patience)
    others = {answer.service: _by_kind(answer.records) for answer in answers if answer.records is not None}
    return Export(
        person_id=person_id,
        made_at=now,
        services={OWN: own, **others},
        not_answered=tuple(answer.service for answer in answers if answer.records is None),
    )


def _by_kind(records: tuple[RecordSet, ...]) -> dict[str, list[dict[str, JsonValue]]]:
    return {record.kind: list(record.rows) for record in records}
