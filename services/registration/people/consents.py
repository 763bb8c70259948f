"""What a person agreed to, with the very words and the time as proof, and taking it back (RGPD, article 7)."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from contracts.fact import Locale
from services.registration import notices
from services.registration.people.finding import Channel
from services.registration.people.uses import note_use
from services.registration.store import queries
from services.registration.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenConsent:
    """One box that was ticked: what it said then, in the language in which it was read, and whether it still holds.

    It counts for nothing until `confirmed`: before the address was, anybody may have typed it.
    """

    id: UUID
    registration_id: UUID | None
    purpose: str
    text_version: str
    words: str
    given_at: datetime
    withdrawn_at: datetime | None
    channel: str
    confirmed: bool


async def consents_of(work: Work, person_id: UUID) -> tuple[GivenConsent, ...]:
    """Return every consent of a person, withdrawn ones included, in the order in which they were given."""
    async with work.database.connection() as connection:
        rows = await queries.consents_of_person.fetch(connection, person_id)
    return tuple(
        GivenConsent(
            id=row["id"],
            registration_id=row["registration_id"],
            purpose=row["purpose"],
            text_version=row["text_version"],
            words=words(row["purpose"], row["text_version"], row["locale"]),
            given_at=row["given_at"],
            withdrawn_at=row["withdrawn_at"],
            channel=row["channel"],
            confirmed=row["confirmed"],
        )
        for row in rows
    )


async def withdraw(work: Work, person_id: UUID, *, purpose: str, by: Channel) -> int:
    """Take back a purpose wherever it was agreed to, and return how many consents that ended. Again changes nothing.

    What was done before stays lawful; whoever hands data over asks for live consents at that moment.
    """
    async with work.transaction() as tx:
        now = tx.now()
        ended = await queries.withdraw_consents.fetch(tx.connection, person_id, [purpose], now)
        if ended:
            await note_use(tx.connection, person_id, "consents_changed", by=by, now=now)
    return len(ended)


def words(purpose: str, version: str, locale: str) -> str:
    """Return what stood beside the box; texts are never deleted, so that every consent can be proven."""
    return notices.consent(purpose, version).words(cast("Locale", locale))
