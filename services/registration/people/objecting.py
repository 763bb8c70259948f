"""The right to object (RGPD, article 21): from then on the data serve what the person asked for, and nothing else.

To being written to about other things it is absolute and takes effect at once. Not to come at all is a cancellation, not to be known
at all an erasure; the page offers all three.
"""

from uuid import UUID

from services.registration import notices
from services.registration.people.finding import Channel
from services.registration.people.uses import note_use
from services.registration.store import queries
from services.registration.work import Work


async def object_to_use(work: Work, person_id: UUID, *, by: Channel) -> bool:
    """Note an objection, and end all consents with it. False when there is no such person; again changes only its time."""
    async with work.transaction() as tx:
        if await queries.lock_person.fetchrow(tx.connection, person_id) is None:
            return False
        now = tx.now()
        await queries.withdraw_consents.fetch(tx.connection, person_id, list(notices.PURPOSES), now)
        await queries.note_objection.execute(tx.connection, person_id, now)
        await note_use(tx.connection, person_id, "objected", by=by, now=now)
    return True
