"""When the last allowed seat of a meetup was taken for the first time: told once, whoever took it and however."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from contracts import catalogue
from services.registration.domain.ledgers import Ledger, filled_first
from services.registration.domain.registrations import Room
from services.registration.events import Trace, meetup_event
from services.registration.store import meetups as meetup_store
from services.registration.work import Transaction


def filled(before: Mapping[Room, Ledger], after: Mapping[Room, Ledger]) -> tuple[list[Room], set[UUID]]:
    """Return the rooms that are full just now for the first time, and the meetups of which that was the last room.

    Args:
        before: the seats of all rooms of some meetups.
        after: the seats of the same rooms.
    """
    full = [room for room, ledger in after.items() if filled_first(before[room], ledger)]
    open_yet = {room.meetup_id for room, ledger in after.items() if not (ledger.filled or room in full)}
    return full, {room.meetup_id for room in full} - open_yet


async def tell_filled(tx: Transaction, rooms: Sequence[Room], meetups: Mapping[UUID, Trace]) -> None:
    """Note these rooms of locked meetups, and tell of these meetups, each with its trace. Their counters are written."""
    if not rooms:
        return
    await meetup_store.mark_filled(tx.connection, rooms, meetups, now=tx.now())
    sheets = await meetup_store.by_ids(tx.connection, meetups)
    tx.tell(
        meetup_event(catalogue.MEETUP_FILLED, sheets[meetup_id], trace=trace) for meetup_id, trace in meetups.items()
    )
