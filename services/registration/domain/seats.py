"""How seats pass from hand to hand, each act with the ledger it leaves; and the one path on which a released seat moves on."""

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import date, datetime

from contracts.registration import CancelledBy
from services.registration.domain.ledgers import Deadlines, Ledger
from services.registration.domain.refusals import (
    MeetupOver,
    NoOfferToDecline,
    NoSeatThere,
    NotToHandOver,
    OrganisersChoose,
    RegistrationCancelled,
    RegistrationExpired,
)
from services.registration.domain.registrations import Registration


def confirm(ledger: Ledger, registration: Registration, *, now: datetime) -> Registration:
    """Make a held or offered seat theirs. Once confirmed, returns itself.

    Raises:
        RegistrationExpired: also once it has begun, for a meetup that was moved earlier leaves holds that end after its start.
        RegistrationCancelled, NoSeatToConfirm.
    """
    if registration.status in {"held", "offered"} and ledger.starts_at <= now:
        raise RegistrationExpired
    return registration.confirm(now=now)


def cancel(
    ledger: Ledger, registration: Registration, *, by: CancelledBy, now: datetime
) -> tuple[Ledger, Registration]:
    """Cancel one registration; its seat goes back once, however often this is called. `promote` comes next.

    Raises:
        RegistrationExpired: its seat has gone back already.
        MeetupOver: it has begun; whoever did not come is a no-show, and that is counted.
    """
    if by == "attendee" and registration.active and ledger.starts_at <= now:
        raise MeetupOver
    cancelled = registration.cancel(by=by, now=now)
    return (ledger, registration) if cancelled is registration else (ledger.without(registration), cancelled)


def decline(ledger: Ledger, registration: Registration, *, now: datetime) -> tuple[Ledger, Registration]:
    """Say no to an offered seat. `promote` comes next.

    Raises:
        NoOfferToDecline: it was not offered, or has been accepted.
        RegistrationExpired, MeetupOver: as in `cancel`.
    """
    if registration.status not in {"offered", "cancelled", "expired"}:
        raise NoOfferToDecline
    return cancel(ledger, registration, by="attendee", now=now)


def change_mode(
    here: Ledger, there: Ledger, registration: Registration, *, now: datetime
) -> tuple[Ledger, Ledger, Registration]:
    """Move somebody to the other room if a seat is free there and nobody waits for it. `promote` comes next, for the seat left behind.

    Raises:
        NoSeatThere: there is none; everything stays as it is.
        MeetupOver, RegistrationExpired, RegistrationCancelled.
    """
    _still_theirs(here, registration, now=now)
    if registration.approval == "pending":
        moved = registration.move(there.mode, number=there.next_number, now=now)
        return here, replace(there, next_number=there.next_number + 1), moved
    if there.free < 1 or there.waiting:
        raise NoSeatThere
    moved = registration.move(there.mode, number=None, now=now)
    return here.without(registration), replace(there, taken=there.taken + 1), moved


def give(ledger: Ledger, registration: Registration, *, now: datetime) -> tuple[Ledger, Registration]:
    """Let somebody give their confirmed seat away; whoever gets it is `taken` into the ledger next, or the line is promoted.

    Raises:
        NotToHandOver: it is not confirmed yet.
        OrganisersChoose: the meetup's organisers approve everybody.
        MeetupOver, RegistrationExpired, RegistrationCancelled.
    """
    _still_theirs(ledger, registration, now=now)
    if registration.status != "confirmed":
        raise NotToHandOver
    if ledger.approval:
        raise OrganisersChoose
    return cancel(ledger, registration, by="attendee", now=now)


def take_over(
    ledger: Ledger, registration: Registration, *, until: datetime, now: datetime
) -> tuple[Ledger, Registration]:
    """Offer a seat that was given away to whoever it was given to, who waits here, in the other room or for a word.

    Their place there was taken back (`Ledger.without`). Out of the other room they come with the next number of this one.
    """
    number, ledger = registration.waiting_number, replace(ledger, taken=ledger.taken + 1)
    if registration.mode != ledger.mode:
        number, ledger = ledger.next_number, replace(ledger, next_number=ledger.next_number + 1)
    return ledger, registration.take_over(ledger.mode, number=number, until=until, now=now)


def _still_theirs(ledger: Ledger, registration: Registration, *, now: datetime) -> None:
    if registration.status == "cancelled":
        raise RegistrationCancelled
    if registration.status == "expired" or registration.due(now=now):
        raise RegistrationExpired
    if not ledger.coming(now=now):
        raise MeetupOver


def expire(
    ledger: Ledger, registrations: Iterable[Registration], *, now: datetime
) -> tuple[Ledger, list[Registration]]:
    """Let holds and offers that ran out go and return those that changed. `promote` comes next."""
    gone = []
    for registration in registrations:
        expired = registration.expire(now=now)
        if expired is not registration:
            ledger = ledger.without(registration)
            gone.append(expired)
    return ledger, gone


def promote(
    ledger: Ledger,
    line: Iterable[Registration],
    *,
    deadlines: Deadlines,
    days_off: Container[date] = (),
    now: datetime,
) -> tuple[Ledger, list[Registration]]:
    """Offer the free seats to the first in `line` (in waiting order): the only way a released seat is given.

    Capacity and time are checked here again, whatever released the seat: an offer after the start, or for a seat that a smaller
    capacity has swallowed, would be a seat too many (pretix issues 1238, 1031 and 681).
    """
    offered: list[Registration] = []
    if ledger.coming(now=now):
        until = ledger.offered_until(deadlines, days_off=days_off, now=now)
        for registration in line:
            if len(offered) >= ledger.free:
                break
            offered.append(registration.offer(until=until, now=now))
    moved = len(offered)
    return replace(ledger, taken=ledger.taken + moved, waiting=ledger.waiting - moved), offered
