"""What the other services keep of a person, asked while the person waits. Whoever does not answer in time is named, never left out."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from uuid import UUID

from nats.aio.client import Client
from nats.errors import Error as NatsError
from pydantic import ValidationError

from chassis import logging, telemetry
from chassis.answering import Refused, raise_refusal
from chassis.broker import connect_briefly
from contracts.records import RecordSet, RecordsQuery, RecordsReply
from services.registration.work import Work

OTHERS = ("notifications", "analytics")
TIMEOUT = 5.0
CONNECT_TIMEOUT = 3.0
REGISTRATIONS_A_QUESTION = 50
"""Answers must fit into one message of the broker; a registration comes with some ten mails."""

_log = logging.get(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one service keeps; `records` is None when it did not answer."""

    service: str
    records: tuple[RecordSet, ...] | None


async def ask_all(
    work: Work, *, person_id: UUID, registration_ids: Sequence[UUID], patience: float = inf
) -> tuple[Answer, ...]:
    """Ask every other service, all at once, and wait for each no longer than `patience` seconds. Never raises for a service or a broker that is away."""
    try:
        within = min(patience, CONNECT_TIMEOUT)
        client = await connect_briefly(work.nats_url, name="registration-export", seconds=within)
    except (NatsError, OSError, TimeoutError) as error:
        _log.warning("nobody can be asked for records", exc_info=error)
        return tuple(Answer(service=service, records=None) for service in OTHERS)
    try:
        asked = (_ask(client, work, service, person_id, registration_ids, min(patience, TIMEOUT)) for service in OTHERS)
        return tuple(await asyncio.gather(*asked))
    finally:
        await client.close()


async def _ask(
    client: Client, work: Work, service: str, person_id: UUID, registration_ids: Sequence[UUID], within: float
) -> Answer:
    # Somebody without a registration is asked for as well: mails may be kept longer than registrations.
    size = REGISTRATIONS_A_QUESTION
    parts = [tuple(registration_ids[at : at + size]) for at in range(0, max(len(registration_ids), 1), size)]
    replies = []
    for number, part in enumerate(parts):
        query = RecordsQuery(person_id=person_id, registration_ids=part, continued=number > 0)
        try:
            replies.append(await _one(client, work.topology.records(service), query, within))
        except (NatsError, OSError, TimeoutError, ValidationError, Refused) as error:
            _log.warning("a service does not say what it keeps", asked=service, exc_info=error)
            return Answer(service=service, records=None)
    return Answer(service=service, records=_merged(replies))


async def _one(client: Client, subject: str, query: RecordsQuery, within: float) -> RecordsReply:
    message = await client.request(
        subject, query.model_dump_json().encode(), timeout=within, headers=dict(telemetry.current_trace())
    )
    raise_refusal(message)
    return RecordsReply.model_validate_json(message.data, extra="ignore")


def _merged(replies: Sequence[RecordsReply]) -> tuple[RecordSet, ...]:
    """A row that two parts come with is kept once."""
    rows: dict[str, dict[str, dict[str, object]]] = {}
    for reply in replies:
        for found in reply.records:
            for row in found.rows:
                rows.setdefault(found.kind, {}).setdefault(json.dumps(row, sort_keys=True), dict(row))
    return tuple(RecordSet.model_validate({"kind": kind, "rows": tuple(kept.values())}) for kind, kept in rows.items())
