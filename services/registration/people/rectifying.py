"""The right to rectification (RGPD, article 16): what a person wrote about themselves, written anew.

The address is not among it: another address is proven by registering with it. What counts for the meetup (way of attending, headcount)
is changed where the registration is.
"""

from dataclasses import dataclass
from uuid import UUID

from chassis.ids import uuid7
from services.registration.people.finding import Channel
from services.registration.store import queries
from services.registration.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is to stand from now on, complete; None empties a field that may be empty."""

    full_name: str
    organisation: str | None = None
    identifier_scheme: str | None = None
    identifier_value: str | None = None
    access_needs: str | None = None


async def rectify(work: Work, person_id: UUID, registration_id: UUID, correction: Correction, *, by: Channel) -> bool:
    """Correct what was written with one registration. False when it is not (or no longer) this person's."""
    async with work.transaction() as tx:
        corrected = await queries.correct_attendee.fetchrow(
            tx.connection,
            registration_id,
            person_id,
            correction.full_name,
            correction.organisation,
            correction.identifier_scheme,
            correction.identifier_value,
            correction.access_needs,
        )
        if corrected is not None:
            await queries.note_person_access.execute(tx.connection, uuid7(), person_id, tx.now(), "rectified", by)
    return corrected is not None
