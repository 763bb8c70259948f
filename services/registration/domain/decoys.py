"""Decoys in the ledger of a room: what visitors are told counts them as if they were registrations, what is decided never does.

A decoy takes no seat, so nobody is refused or kept waiting by one: while the last seat only seems taken, the next one still gets it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.registration.domain.ledgers import Ledger
from services.registration.domain.registrations import Registration


@dataclass(frozen=True, slots=True)
class Moving:
    """Which decoys of a line seem to be offered a seat: all before `number`, and its first ones, as many as there are `seats`."""

    number: int
    seats: int


def moving(ledger: Ledger, offered: Iterable[Registration]) -> Moving | None:
    """Return which decoys go with those who were `offered` a seat just now, if any.

    Whoever waited before them would have been offered one first; and what is free when nobody waits would have been offered as well.
    """
    if not ledger.decoys_waiting:
        return None
    number = max((one.waiting_number or 0 for one in offered if one.room == ledger.room), default=0)
    seats = 0 if ledger.waiting else max(0, ledger.free - ledger.decoys_held)
    return Moving(number, seats) if number or seats else None


def offer(ledger: Ledger, decoys: int) -> Ledger:
    """Let so many of those who seem to wait seem to have a seat."""
    return replace(ledger, decoys_held=ledger.decoys_held + decoys, decoys_waiting=ledger.decoys_waiting - decoys)


def expire(ledger: Ledger, decoys: int) -> Ledger:
    """Let so many seats no longer seem taken. `moving` comes next."""
    return replace(ledger, decoys_held=ledger.decoys_held - decoys)


def without(ledger: Ledger) -> Ledger:
    """Return the room as organisers see it, or once nobody comes to it."""
    return replace(ledger, decoys_held=0, decoys_waiting=0)
