"""The one place where seats change hands after admission: whatever was released is offered to those who wait, and all of it is told."""

from collections.abc import Mapping, Sequence

from chassis.telemetry import current_trace
from services.registration import decoys
from services.registration.domain import seats
from services.registration.domain.ledgers import Ledger
from services.registration.domain.registrations import Registration, Room
from services.registration.events import registration_event
from services.registration.filling import filled, tell_filled
from services.registration.public_holidays import days_off
from services.registration.store import ledgers as ledger_store
from services.registration.store import registrations as registration_store
from services.registration.work import Transaction


async def settle(
    tx: Transaction, before: Mapping[Room, Ledger], ledgers: Mapping[Room, Ledger], changed: Sequence[Registration]
) -> list[Registration]:
    """Write changed registrations, offer the free seats of these rooms to the first in line, write the counters, tell everything.

    Args:
        tx: holds the locks of the meetups.
        before: the seats of all their rooms, as they were.
        ledgers: those of rooms where something changed or may be offered, with `changed` already counted.
        changed: registrations that were confirmed, cancelled, expired, approved or moved.

    Returns:
        The registrations that were offered a seat.
    """
    now = tx.now()
    await registration_store.write(tx.connection, changed)
    free = {
        room: min(ledger.free, ledger.waiting)
        for room, ledger in ledgers.items()
        if ledger.free > 0 and ledger.waiting > 0 and ledger.coming(now=now)
    }
    after, offered = dict(ledgers), list[Registration]()
    if free:
        for room, line in (await registration_store.first_in_line(tx.connection, free)).items():
            after[room], offers = seats.promote(
                after[room], line, deadlines=tx.deadlines, days_off=days_off(after[room].territory), now=now
            )
            offered.extend(offers)
        await registration_store.write(tx.connection, offered)
    after = await decoys.follow(tx, after, offered)
    await ledger_store.write(tx.connection, after.values())
    trace = current_trace()
    # Who was given a place in line and offered a seat at once hears of the seat.
    told = {registration.id: registration for registration in (*changed, *offered)}
    ranks = await registration_store.ranks(tx.connection, told.values())
    tx.tell(
        registration_event(registration, position=ranks.get(registration.id), trace=trace)
        for registration in told.values()
    )
    full, meetups = filled(before, {**before, **after})
    await tell_filled(tx, full, dict.fromkeys(meetups, trace))
    return offered
