"""What a person sees at a glance before they ask for more: where they are reached, what they registered for, agreed and objected to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registration.people.consents import GivenConsent, consents_of
from services.registration.store import queries
from services.registration.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRegistration:
    """One registration of the person. `starts_local` is the wall time of the venue."""

    id: UUID
    reference: str
    status: str
    title: str
    slug: str
    starts_local: datetime
    full_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All of it."""

    email: str
    registrations: tuple[OwnRegistration, ...]
    consents: tuple[GivenConsent, ...]
    objected_at: datetime | None
    held_for_a_claim: bool


async def overview(work: Work, person_id: UUID) -> Overview | None:
    """Return what is kept of a person, in short; None when there is no such person."""
    async with work.database.connection() as connection:
        person = await queries.person_overview.fetchrow(connection, person_id)
        if person is None:
            return None
        rows = await queries.registrations_overview.fetch(connection, person_id)
    return Overview(
        email=person["email"],
        registrations=tuple(OwnRegistration(**dict(row.items())) for row in rows),
        consents=await consents_of(work, person_id),
        objected_at=person["objected_at"],
        held_for_a_claim=person["held"],
    )
