"""Organisers say yes or no to each registration, where they chose to: a yes is a place in line, a free seat is offered at once."""

from dataclasses import replace
from uuid import UUID

from chassis.problems import NotFound
from services.registration.audit import note
from services.registration.domain.ledgers import Ledger
from services.registration.domain.references import read_reference
from services.registration.domain.refusals import MeetupOver
from services.registration.domain.registrations import Registration, Room
from services.registration.organisers import Organiser
from services.registration.promoting import settle
from services.registration.store import ledgers as ledger_store
from services.registration.store import registrations as registration_store
from services.registration.work import Transaction, Work


async def approve(work: Work, meetup_id: UUID, reference: str, *, by: Organiser) -> Registration:
    """Give a request its place in line, by the day it came, and offer it a seat if one is free. Doing it again changes nothing.

    Raises:
        NotFound, NothingToApprove, MeetupOver.
    """
    async with work.transaction() as tx:
        ledgers, before = await _lock(tx, meetup_id, reference)
        ledger, after = ledgers[before.room], before.grant(now=tx.now())
        if after is before:
            return before
        if not ledger.coming(now=tx.now()):
            raise MeetupOver
        await note(tx, by=by, action="registration.approved", target=after.id)
        offered = await settle(tx, ledgers, {ledger.room: replace(ledger, waiting=ledger.waiting + 1)}, [after])
        return next((registration for registration in offered if registration.id == after.id), after)


async def refuse(work: Work, meetup_id: UUID, reference: str, *, by: Organiser) -> Registration:
    """Cancel a request. Doing it again changes nothing.

    Raises:
        NotFound, NothingToApprove.
    """
    async with work.transaction() as tx:
        ledgers, before = await _lock(tx, meetup_id, reference)
        after = before.refuse(now=tx.now())
        if after is not before:
            await note(tx, by=by, action="registration.refused", target=after.id)
            await settle(tx, ledgers, {}, [after])
        return after


async def _lock(tx: Transaction, meetup_id: UUID, reference: str) -> tuple[dict[Room, Ledger], Registration]:
    ledgers = await ledger_store.lock(tx.connection, [meetup_id])
    code = read_reference(reference) or ""
    found = await registration_store.by_reference(tx.connection, meetup_id, [code])
    if code not in found:
        raise NotFound
    return ledgers, found[code]
