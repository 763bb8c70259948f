"""What an attendee does with a registration after it was made: look, confirm, change, hand over, give back. Making one is `Admission.ask`."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

import asyncpg
from opentelemetry import trace

from chassis.database import Connection
from chassis.ids import secret_token, token_hash
from chassis.problems import NotFound, Unauthenticated
from chassis.telemetry import REFERENCE
from services.registration import correcting, handing_over
from services.registration.correcting import Wish
from services.registration.domain import seats
from services.registration.domain.ledgers import Ledger
from services.registration.domain.references import read_reference
from services.registration.domain.refusals import NoSuchRoom
from services.registration.domain.registrations import Mode, Registration, Room
from services.registration.people.erasing import take_off
from services.registration.problems import ManageLinkNeeded
from services.registration.promoting import settle
from services.registration.receipts import Receipt
from services.registration.store import ledgers as ledger_store
from services.registration.store import meetups as meetup_store
from services.registration.store import queries
from services.registration.store import registrations as registration_store
from services.registration.store.meetups import Sheet
from services.registration.store.registrations import registration_of
from services.registration.work import Transaction, Work

Purpose = Literal["view", "manage"]

VIEW_HOURS = 24
MOST_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A registration as its link shows it. `position` is the rank among those who wait now; only a `manage` link may act.

    `email_key` is the one spelling of the address: what was typed, whatever spelling was kept when it was first used. `ticket` is what the
    code read at the door holds. `handed_over` tells a seat given to somebody from one given back; `erased`, that this act took the name and
    the links off it, so that it is shown for the last time.
    """

    registration: Registration
    position: int | None
    full_name: str | None
    email_key: str | None
    purpose: Purpose
    sheet: Sheet
    ticket: UUID
    handed_over: bool = False
    erased: bool = False

    @property
    def join_url(self) -> str | None:
        """Where to join: only a mailed link tells it, and only of a confirmed seat online."""
        known, meetup = self.registration, self.sheet.meetup
        theirs = self.purpose == "manage" and known.status == "confirmed" and known.mode == "online"
        return meetup.join_url if theirs and meetup.status == "published" else None


async def find(work: Work, *, reference: str, token: str) -> Shown:
    """Return a registration to the bearer of one of its links.

    Raises:
        Unauthenticated: the token is none of this reference, or no longer; it does not tell which, nor whether there is one.
    """
    async with work.database.connection() as connection:
        return await _find(connection, reference=reference, token=token, now=work.clock.now())


async def confirm(work: Work, *, reference: str, token: str) -> Shown:
    """Make a held or offered seat theirs. Doing it again changes nothing.

    Raises:
        Unauthenticated, ManageLinkNeeded, RegistrationExpired, RegistrationCancelled, NoSeatToConfirm.
    """
    async with work.transaction() as tx:
        ledgers, before = await _lock(tx, reference=reference, token=token)
        ledger = ledgers[before.room]
        after = seats.confirm(ledger, before, now=tx.now())
        if after is not before:
            await settle(tx, ledgers, {ledger.room: ledger}, [after])
        return await _find(tx.connection, reference=reference, token=token, now=tx.now())


async def cancel(work: Work, *, reference: str, token: str) -> Shown:
    """Give a seat or a place on the waiting list back; the seat is offered to the next in line. Doing it again changes nothing.

    Whoever was named by somebody else and never confirmed is taken off it at once: that link then opens nothing any more.

    Raises:
        Unauthenticated, ManageLinkNeeded, RegistrationExpired, MeetupOver.
    """
    async with work.transaction() as tx:
        ledgers, before = await _lock(tx, reference=reference, token=token)
        ledger, after = seats.cancel(ledgers[before.room], before, by="attendee", now=tx.now())
        return await _given_back(tx, ledgers, ledger, before, after, token=token)


async def decline(work: Work, *, reference: str, token: str) -> Shown:
    """Say no to an offered seat, which goes to the next in line. Doing it again changes nothing; who was named is erased as by `cancel`.

    Raises:
        Unauthenticated, ManageLinkNeeded, NoOfferToDecline, RegistrationExpired, MeetupOver.
    """
    async with work.transaction() as tx:
        ledgers, before = await _lock(tx, reference=reference, token=token)
        ledger, after = seats.decline(ledgers[before.room], before, now=tx.now())
        return await _given_back(tx, ledgers, ledger, before, after, token=token)


async def change_mode(work: Work, *, reference: str, token: str, mode: Mode) -> Shown:
    """Attend a hybrid meetup in the other way, at once and confirmed; the seat left behind is offered. The same way changes nothing.

    Raises:
        Unauthenticated, ManageLinkNeeded, NoSuchRoom, NoSeatThere, MeetupOver, RegistrationExpired, RegistrationCancelled.
    """
    async with work.transaction() as tx:
        ledgers, before = await _lock(tx, reference=reference, token=token)
        if mode != before.mode:
            if (there := ledgers.get(Room(before.meetup_id, mode))) is None:
                raise NoSuchRoom
            here, there, after = seats.change_mode(ledgers[before.room], there, before, now=tx.now())
            await settle(tx, ledgers, {here.room: here, there.room: there}, [after])
        return await _find(tx.connection, reference=reference, token=token, now=tx.now())


async def hand_over(work: Work, *, reference: str, token: str, full_name: str, email: str) -> Shown:
    """Hand a confirmed seat to a colleague (`email` is `normalised`), who is asked by mail to confirm it; one's own is cancelled.

    Raises:
        Unauthenticated, ManageLinkNeeded, and those of `handing_over.hand_over`.
    """
    tries = 0
    while True:
        try:
            async with work.transaction() as tx:
                ledgers, before = await _lock(tx, reference=reference, token=token)
                await handing_over.hand_over(tx, ledgers, before, full_name=full_name, email=email)
                return await _find(tx.connection, reference=reference, token=token, now=tx.now())
        except asyncpg.ForeignKeyViolationError:  # the colleague came in, or was erased, at this very moment
            tries += 1
            if tries == MOST_TRIES:
                raise


async def correct(work: Work, *, reference: str, token: str, wish: Wish) -> Shown:
    """Write anew what one told about oneself and one's firm. Doing it again changes nothing.

    Raises:
        Unauthenticated, ManageLinkNeeded, AnswersRefused.
    """
    async with work.transaction() as tx:
        ledgers, registration = await _lock(tx, reference=reference, token=token)
        await correcting.correct(tx, ledgers, registration, wish)
        return await _find(tx.connection, reference=reference, token=token, now=tx.now())


async def show_once(work: Work, receipt: Receipt) -> str:
    """Return a token with which whoever filled in the form may look at the registration for a day, and do nothing to it."""
    token = secret_token()
    async with work.database.connection() as connection:
        await queries.mint_view_token.execute(connection, token_hash(token), receipt.id, work.clock.now(), VIEW_HOURS)
    return token


async def _given_back(
    tx: Transaction,
    ledgers: dict[Room, Ledger],
    ledger: Ledger,
    before: Registration,
    after: Registration,
    *,
    token: str,
) -> Shown:
    """Write it, and read it for the last time before what somebody else gave about a person who says no is erased."""
    if after is not before:
        await settle(tx, ledgers, {ledger.room: ledger}, [after])
    shown = await _find(tx.connection, reference=before.reference, token=token, now=tx.now())
    refused = after is not before and before.named_by is not None and before.status != "confirmed"
    return replace(shown, erased=True) if refused and await take_off(tx, before) else shown


async def _find(connection: Connection, *, reference: str, token: str, now: datetime) -> Shown:
    read = read_reference(reference)
    row = read and await queries.registration_for_token.fetchrow(connection, token_hash(token), read, now)
    if not row:
        raise Unauthenticated
    registration = registration_of(row)
    trace.get_current_span().set_attribute(REFERENCE, registration.reference)
    sheets = await meetup_store.by_ids(connection, [registration.meetup_id])
    return Shown(
        registration=registration,
        position=(await registration_store.ranks(connection, [registration])).get(registration.id),
        full_name=row["full_name"],
        email_key=row["email_key"],
        purpose=row["purpose"],
        sheet=sheets[registration.meetup_id],
        ticket=row["ticket"],
        handed_over=row["handed_over"],
    )


async def _lock(tx: Transaction, *, reference: str, token: str) -> tuple[dict[Room, Ledger], Registration]:
    """Check the token, then lock the meetup and read the registration anew under the lock."""
    shown = await _find(tx.connection, reference=reference, token=token, now=tx.now())
    if shown.purpose != "manage":
        raise ManageLinkNeeded
    meetup_id, code = shown.registration.meetup_id, shown.registration.reference
    ledgers = await ledger_store.lock(tx.connection, [meetup_id])
    registrations = await registration_store.by_reference(tx.connection, meetup_id, [code])
    if code not in registrations:
        raise NotFound
    return ledgers, registrations[code]
