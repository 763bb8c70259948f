"""A seat handed to a colleague: the very seat, without a detour over the waiting list.

The answer is the same whether or not the colleague comes already: handing over shall not tell who is registered (ADR 0019).
"""

from uuid import UUID

from chassis.ids import random_bits, uuid7
from chassis.telemetry import current_trace
from services.registration.domain import seats
from services.registration.domain.ledgers import Ledger
from services.registration.domain.references import BITS, reference_from
from services.registration.domain.registrations import Registration, Room
from services.registration.emails import email_key
from services.registration.events import registration_event
from services.registration.problems import same_person
from services.registration.promoting import settle
from services.registration.public_holidays import days_off
from services.registration.store import queries
from services.registration.store.registrations import registration_of
from services.registration.work import Transaction


async def hand_over(
    tx: Transaction, ledgers: dict[Room, Ledger], giver: Registration, *, full_name: str, email: str
) -> None:
    """Cancel the giver's registration and hold the seat for the colleague, who confirms by mail.

    A colleague who waits, for either room or for an organiser's word, is offered the very seat and leaves that place. One who has a
    seat keeps that, is told by mail, and this one goes to the line.

    Raises:
        NotToHandOver, OrganisersChoose, MeetupOver, RegistrationExpired, RegistrationCancelled, InvalidInput (one's own address).
    """
    await _pass_on(tx, ledgers, giver, full_name=full_name, email=email)
    await queries.note_handed_over.execute(tx.connection, giver.id)


async def _pass_on(
    tx: Transaction, ledgers: dict[Room, Ledger], giver: Registration, *, full_name: str, email: str
) -> None:
    now = tx.now()
    released, given = seats.give(ledgers[giver.room], giver, now=now)
    found = await queries.person_by_email.fetchrow(tx.connection, email_key(email))
    if found is not None and found["id"] == giver.person_id:
        raise same_person()
    other = await queries.other_registration.fetchrow(tx.connection, found["id"], giver.meetup_id) if found else None
    if other is None:
        await settle(tx, ledgers, {}, [given])
        await _hold(
            tx, ledgers[giver.room], giver, person_id=found["id"] if found else None, name=full_name, email=email
        )
        return
    colleague = registration_of(other)
    if not colleague.seated:
        after = {**ledgers, giver.room: released}
        after[colleague.room] = after[colleague.room].without(colleague)
        until = released.offered_until(tx.deadlines, days_off=days_off(giver.territory), now=now)
        after[giver.room], offered = seats.take_over(after[giver.room], colleague, until=until, now=now)
        await settle(tx, ledgers, after, [given, offered])
        return
    await queries.note_registered_again.execute(tx.connection, uuid7(), colleague.person_id, colleague.locale, now)
    await settle(tx, ledgers, {giver.room: released}, [given])


async def _hold(
    tx: Transaction, ledger: Ledger, giver: Registration, *, person_id: UUID | None, name: str, email: str
) -> None:
    """Hold the seat for somebody new here. Band and sector are the firm's, which is the giver's."""
    now = tx.now()
    held = Registration(
        id=uuid7(),
        version=1,
        reference=reference_from(random_bits(BITS)),
        meetup_id=giver.meetup_id,
        mode=giver.mode,
        hybrid=giver.hybrid,
        person_id=person_id or uuid7(),
        territory=giver.territory,
        status="held",
        headcount=giver.headcount,
        locale=giver.locale,
        waiting_number=None,
        expires_at=ledger.until(tx.deadlines.hold, now=now),
        sector=giver.sector,
        named_by="predecessor",
        registered_at=now,
        changed_at=now,
    )
    await queries.record_hand_over.execute(
        tx.connection,
        held.person_id,
        email,
        email_key(email),
        now,
        held.id,
        held.reference,
        held.meetup_id,
        held.mode,
        held.headcount,
        held.locale,
        held.expires_at,
        held.sector,
        name,
    )
    tx.tell([registration_event(held, trace=current_trace())])
