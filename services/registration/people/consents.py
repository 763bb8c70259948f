"""What a person agreed to, with the very words and the time as proof, and taking it back (RGPD, article 7)."""

from typing import cast
from uuid import UUID

from contracts.fact import Locale
from services.registration import notices
from services.registration.people.finding import Channel
from services.registration.people.uses import note_use
from services.registration.store import queries
from services.registration.work import Work


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
