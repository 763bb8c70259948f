"""Deletes a person for good, in one transaction and without a trace that leads back."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database import Connection
from chassis.telemetry import current_trace
from contracts.person import PersonErased
from services.registration.domain import seats
from services.registration.domain.ledgers import Ledger
from services.registration.domain.registrations import Registration, Room
from services.registration.events import person_event
from services.registration.promoting import settle
from services.registration.store import ledgers as ledger_store
from services.registration.store import queries
from services.registration.store.registrations import registration_of
from services.registration.work import Transaction, Work


class HeldForALegalClaim(Exception):
    """Raised when somebody is to be erased whose data a legal claim needs (RGPD, article 17(3)(e)). Nothing was erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What erasing did, or (`done` is false) would do."""

    person_id: UUID
    seats_given_back: int
    registrations_made_anonymous: int
    done: bool


async def erase(work: Work, person_id: UUID, *, rehearse: bool = False) -> Erasure | None:
    """Delete a person for good, or say what that would do. None when there is no such person.

    One transaction: seats still to come are given back and offered to the next in line, names, links and stored answers go, and
    `person.erased` is told. What happened stays, under an id that leads to nobody. Whoever registers again at this very moment is
    erased with that registration.

    Raises:
        HeldForALegalClaim: a legal claim needs the data, until `release`.
    """
    while True:
        with suppress(_ChangedMeanwhile):
            return await _erase_or_rehearse(work, person_id, rehearse=rehearse)


async def erase_left_over(work: Work, person_id: UUID) -> bool:
    """Erase somebody whom nothing is kept for any more. False when, under the lock, that is no longer so, or they are gone."""
    async with work.transaction() as tx:
        if await queries.lock_person.fetchrow(tx.connection, person_id) is None:
            return False
        if not await queries.is_left_over.fetchval(tx.connection, person_id):
            return False
        await _forget(tx, person_id)
    return True


async def take_off(tx: Transaction, registration: Registration) -> bool:
    """Take a person off a registration that is over, and erase them where nothing else is kept. False: a legal claim needs the data."""
    await queries.lock_person.fetchrow(tx.connection, registration.person_id)
    done = await queries.detach_registrations.execute(tx.connection, [registration.id])
    if done.endswith(" 0"):
        return False
    if await queries.is_left_over.fetchval(tx.connection, registration.person_id):
        await _forget(tx, registration.person_id)
    return True


class _ChangedMeanwhile(Exception):
    """Raised when the person registered again, or went, while their meetups were being locked. Nothing was erased; try again."""


async def _erase_or_rehearse(work: Work, person_id: UUID, *, rehearse: bool) -> Erasure | None:
    async with work.transaction() as tx:
        if await queries.person_record.fetchrow(tx.connection, person_id) is None:
            return None
        if await queries.hold_of_person.fetchrow(tx.connection, person_id):
            raise HeldForALegalClaim
        all_ = await queries.registrations_of_person.fetch(tx.connection, person_id)
        coming = await _coming(tx.connection, person_id, now=tx.now())
        if not rehearse:
            await _erase(tx, person_id, meetup_ids={registration.meetup_id for registration in coming})
    return Erasure(
        person_id=person_id,
        seats_given_back=len(coming),
        registrations_made_anonymous=len(all_),
        done=not rehearse,
    )


async def _erase(tx: Transaction, person_id: UUID, *, meetup_ids: set[UUID]) -> None:
    # Meetups first, then the person: the order in which an admission takes them.
    ledgers = await ledger_store.lock(tx.connection, meetup_ids)
    if await queries.lock_person.fetchrow(tx.connection, person_id) is None:
        raise _ChangedMeanwhile
    if await queries.hold_of_person.fetchrow(tx.connection, person_id):
        raise HeldForALegalClaim
    now = tx.now()
    coming = await _coming(tx.connection, person_id, now=now)
    if not {registration.room for registration in coming} <= set(ledgers):
        raise _ChangedMeanwhile
    before = dict(ledgers)
    cancelled = _cancel_all(ledgers, coming, now=now)
    await settle(tx, before, ledgers, cancelled)
    await _forget(tx, person_id)


async def _forget(tx: Transaction, person_id: UUID) -> None:
    now = tx.now()
    await queries.forget_person.execute(tx.connection, person_id)
    tx.tell([person_event(PersonErased(person_id=person_id, erased_at=now), now=now, trace=current_trace())])


async def _coming(connection: Connection, person_id: UUID, *, now: datetime) -> list[Registration]:
    return [registration_of(row) for row in await queries.erasable_registrations.fetch(connection, person_id, now)]


def _cancel_all(ledgers: dict[Room, Ledger], coming: list[Registration], *, now: datetime) -> list[Registration]:
    cancelled = []
    for registration in coming:
        room = registration.room
        ledgers[room], gone = seats.cancel(ledgers[room], registration, by="erasure", now=now)
        cancelled.append(gone)
    return cancelled
