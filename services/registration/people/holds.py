"""Legal holds: somebody whose data a legal claim needs is neither erased nor forgotten by the nightly job until released."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.telemetry import current_trace
from contracts.person import PersonHeld, PersonReleased
from services.registration.events import person_event
from services.registration.people.uses import note_use
from services.registration.store import queries
from services.registration.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Since when, and for which file (a number; no names, no circumstances)."""

    file: str
    held_at: datetime


async def hold(work: Work, person_id: UUID, *, file: str) -> Hold | None:
    """Keep a person from being erased. None when there is no such person."""
    async with work.transaction() as tx:
        if await queries.lock_person.fetchrow(tx.connection, person_id) is None:
            return None
        now = tx.now()
        await queries.hold_person.execute(tx.connection, person_id, file, now)
        await note_use(tx.connection, person_id, "held", by="command", now=now)
        tx.tell([person_event(PersonHeld(person_id=person_id, held_at=now), now=now, trace=current_trace())])
    return Hold(file=file, held_at=now)


async def release(work: Work, person_id: UUID) -> bool:
    """Let a person be erased again; what has outlived its term goes in the next night. False when nobody was held."""
    async with work.transaction() as tx:
        released = await queries.release_person.fetchrow(tx.connection, person_id) is not None
        if released:
            now = tx.now()
            await note_use(tx.connection, person_id, "released", by="command", now=now)
            tx.tell(
                [person_event(PersonReleased(person_id=person_id, released_at=now), now=now, trace=current_trace())]
            )
    return released
