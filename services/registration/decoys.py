"""What an address is answered that has a registration already: an answer like any other.

Whoever types somebody's address must not learn whether that person comes. The answer has a reference of its own and a state as a
newcomer's would be; it takes no seat, and what visitors are told counts it (`domain.decoys`). The person is told where strangers do not
read: in the mail with all links.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from services.registration.domain import decoys as rules
from services.registration.domain.ledgers import Ledger
from services.registration.domain.registrations import Registration, Room
from services.registration.public_holidays import days_off
from services.registration.store import queries
from services.registration.work import Transaction

KEPT = timedelta(hours=72)
"""Longer than any link to one opens."""

SHOWN_AFTER_END = timedelta(days=30)
"""A place in line counts for as long as links of those behind it open, or somebody's rank would tell that it was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoy:
    """A registration that is none, with the first answer to its key."""

    registration: Registration
    full_name: str
    key: str
    fingerprint: bytes
    text: str


async def record(tx: Transaction, decoys: Sequence[Decoy]) -> None:
    """Keep them for as long as they may be looked at, and have their persons told by mail."""
    shown = [decoy.registration for decoy in decoys]
    await queries.record_decoys.execute(
        tx.connection,
        tx.now(),
        [registration.id for registration in shown],
        [registration.reference for registration in shown],
        [registration.meetup_id for registration in shown],
        [registration.mode for registration in shown],
        [registration.person_id for registration in shown],
        [decoy.full_name for decoy in decoys],
        [registration.status for registration in shown],
        [registration.headcount for registration in shown],
        [registration.locale for registration in shown],
        [registration.expires_at for registration in shown],
        [registration.waiting_number for registration in shown],
        [registration.approval for registration in shown],
        [decoy.key for decoy in decoys],
        [decoy.fingerprint for decoy in decoys],
        [decoy.text for decoy in decoys],
    )


async def follow(
    tx: Transaction, ledgers: Mapping[Room, Ledger], offered: Collection[Registration]
) -> dict[Room, Ledger]:
    """Have those who only seem to wait seem to be offered a seat when their turn has come, and return the ledgers with that counted.

    Args:
        tx: holds the locks of the meetups.
        ledgers: the seats of rooms after promotion.
        offered: who was offered a seat in them just now.
    """
    now = tx.now()
    moving = [
        (ledger, decoys)
        for ledger in ledgers.values()
        if ledger.coming(now=now) and (decoys := rules.moving(ledger, offered)) is not None
    ]
    if not moving:
        return dict(ledgers)
    rows = await queries.offer_decoys.fetch(
        tx.connection,
        [ledger.meetup_id for ledger, _ in moving],
        [ledger.mode for ledger, _ in moving],
        [decoys.number for _, decoys in moving],
        [decoys.seats for _, decoys in moving],
        [ledger.offered_until(tx.deadlines, days_off=days_off(ledger.territory), now=now) for ledger, _ in moving],
    )
    moved = {room: rules.offer(ledgers[room], number) for room, number in _counted(rows)}
    return {**ledgers, **moved}


async def expire(tx: Transaction, ledgers: Mapping[Room, Ledger]) -> tuple[dict[Room, Ledger], int]:
    """Let what only seemed held or offered run out; return the ledgers of these locked rooms with that counted, and how many went."""
    if not any(ledger.decoys_held for ledger in ledgers.values()):
        return dict(ledgers), 0
    rows = await queries.expire_decoys.fetch(tx.connection, [room.meetup_id for room in ledgers], tx.now())
    gone = dict(_counted(rows))
    left = {room: rules.expire(ledgers[room], number) for room, number in gone.items()}
    return {**ledgers, **left}, sum(gone.values())


async def cancel(tx: Transaction, ledgers: Mapping[Room, Ledger]) -> dict[Room, Ledger]:
    """Call off what only seemed to come to locked meetups, and return the ledgers of all their rooms without it."""
    await queries.cancel_decoys.execute(tx.connection, [room.meetup_id for room in ledgers])
    return {room: rules.without(ledger) for room, ledger in ledgers.items()}


def _counted(rows: Iterable[asyncpg.Record]) -> Iterable[tuple[Room, int]]:
    return ((Room(row["meetup_id"], row["mode"]), row["decoys"]) for row in rows)
