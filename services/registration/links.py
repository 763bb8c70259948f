"""Links found again: who lost a mail asks with the address and gets one with all links, at that address and nowhere else.

Asking is the same for every address: one row, one commit, no word on whether anybody has it. A worker answers a moment later: all
questions for one person at once, and at most one mail an hour to each for one reason: who registers an address again, which anybody can,
does not keep its owner from asking.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from chassis.database import Connection
from chassis.ids import uuid7
from chassis.telemetry import current_trace
from contracts.fact import Locale
from contracts.person import PersonLinksRequested
from services.registration.emails import email_key
from services.registration.events import person_event
from services.registration.store import queries
from services.registration.work import Work

BATCH = 200
PAUSE = timedelta(hours=1)
"""Between two mails to one person for the same reason."""

JUST_OVER = timedelta(days=30)
"""How long after a meetup its link is still found again: as long as it opens."""

MOST = 50
"""Links in one mail."""


async def ask(work: Work, *, email: str, locale: Locale) -> None:
    """Ask, with a `normalised` address, for the links to its registrations. Nothing is told, and it takes as long, if it has none."""
    async with work.database.connection() as connection:
        await queries.note_link_request.execute(connection, uuid7(), email_key(email), locale, work.clock.now())


async def answer_due(work: Work, *, limit: int = BATCH) -> int:
    """Tell `person.links_requested` for whoever asked, and return how many questions went. A full batch means there may be more."""
    async with work.transaction() as tx:
        asked = await queries.take_link_requests.fetch(tx.connection, limit)
        if not asked:
            return 0
        latest = {
            (row["person_id"], row["reason"]): row["locale"]
            for row in sorted(asked, key=lambda row: row["id"])
            if row["person_id"]
        }
        now, trace = tx.now(), current_trace()
        claimed = await queries.claim_link_mails.fetch(
            tx.connection, [person for person, _ in latest], [reason for _, reason in latest], now, now - PAUSE
        )
        claims = [(row["person_id"], row["reason"]) for row in claimed]
        people = list({person for person, _ in claims})
        found = await _registrations(tx.connection, people, over_since=now - JUST_OVER)
        tx.tell(
            person_event(
                PersonLinksRequested(
                    person_id=person,
                    registration_ids=tuple(found[person][:MOST]),
                    reason=reason,
                    locale=latest[person, reason],
                    requested_at=now,
                ),
                now=now,
                trace=trace,
            )
            for person, reason in claims
            if person in found
        )
    return len(asked)


async def _registrations(
    connection: Connection, people: Sequence[UUID], *, over_since: datetime
) -> Mapping[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for row in await queries.registrations_to_find_again.fetch(connection, people, over_since):
        found.setdefault(row["person_id"], []).append(row["id"])
    return found
