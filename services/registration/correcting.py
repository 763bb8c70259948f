"""The right to rectification (RGPD, article 16): what somebody told with a registration, corrected by page and API alike.

The address is not among it: it is what proves who asks. Facts that changed are told as the registration's state under a new version, so
that reports follow; no mail is sent for them, and the rest is told to nobody.
"""

from collections.abc import Callable
from typing import TypeAlias

from chassis.problems import Unauthenticated
from services.registration.domain.details import Details
from services.registration.domain.ledgers import Ledger
from services.registration.domain.registrations import Registration, Room
from services.registration.people.uses import note_use
from services.registration.promoting import settle
from services.registration.store import details as details_store
from services.registration.store import meetups as meetup_store
from services.registration.store import queries
from services.registration.work import Transaction, Work

Wish: TypeAlias = Callable[[Details], Details]
"""What is to stand from now on, given what does."""


async def details(work: Work, registration: Registration) -> Details:
    """Return what was told. Raises Unauthenticated: whoever told it is forgotten."""
    async with work.database.connection() as connection:
        told = await details_store.of(connection, registration.id)
    if told is None:
        raise Unauthenticated
    return told


async def correct(tx: Transaction, ledgers: dict[Room, Ledger], registration: Registration, wish: Wish) -> None:
    """Write anew what somebody told with a registration of a locked meetup. The same again changes nothing and tells nothing.

    Raises:
        AnswersRefused: answers to the organiser's questions are missing or do not fit.
        Unauthenticated: the person was erased at this very moment.
    """
    # Without the lock, somebody erased meanwhile would be told of once more.
    if await queries.lock_person.fetchrow(tx.connection, registration.person_id) is None:
        raise Unauthenticated
    told = await details_store.of(tx.connection, registration.id)
    if told is None:
        raise Unauthenticated
    sheets = await meetup_store.by_ids(tx.connection, [registration.meetup_id])
    corrected = told.corrected(wish(told), sheets[registration.meetup_id].meetup.terms)
    if corrected == told:
        return
    await details_store.write(tx.connection, registration.id, corrected)
    now = tx.now()
    after = registration.correct(
        headcount=corrected.headcount,
        role=corrected.role,
        sector=corrected.sector,
        needs=corrected.needs,
        now=now,
    )
    if after is not registration:
        await settle(tx, ledgers, {}, [after])
    await note_use(tx.connection, registration.person_id, "rectified", by="link", now=now)
