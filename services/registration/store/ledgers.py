"""Seats of meetups, room by room, under their lock."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

import asyncpg

from chassis.database import Connection
from services.registration.domain.ledgers import Ledger
from services.registration.domain.registrations import Mode, Room
from services.registration.store import queries


async def lock(connection: Connection, meetup_ids: Iterable[UUID]) -> dict[Room, Ledger]:
    """Lock meetups until the transaction ends, and return the rooms of those that exist, the one on site first."""
    return {
        (ledger := ledger_of(row)).room: ledger
        for row in await queries.lock_ledgers.fetch(connection, list(meetup_ids))
    }


async def write(connection: Connection, ledgers: Collection[Ledger]) -> None:
    """Write the counters of locked rooms. Capacities are written by `arrange`."""
    await queries.write_ledgers.execute(connection, *columns(ledgers))


def columns(
    ledgers: Collection[Ledger],
) -> tuple[list[UUID], list[Mode], list[int], list[int], list[int], list[int], list[int]]:
    """Return the counters as statements take them."""
    return (
        [ledger.meetup_id for ledger in ledgers],
        [ledger.mode for ledger in ledgers],
        [ledger.taken for ledger in ledgers],
        [ledger.waiting for ledger in ledgers],
        [ledger.next_number for ledger in ledgers],
        [ledger.decoys_held for ledger in ledgers],
        [ledger.decoys_waiting for ledger in ledgers],
    )


async def arrange(connection: Connection, meetup_id: UUID, rooms: Mapping[Mode, Ledger]) -> None:
    """Give a locked meetup these rooms and sizes (`domain.rooms.arrange`).

    Raises:
        asyncpg.ForeignKeyViolationError: one that goes was registered for once.
    """
    sizes = rooms.values()
    if len(rooms) == 1:
        await queries.move_room.execute(connection, meetup_id, next(iter(rooms)))
    await queries.remove_rooms.execute(connection, meetup_id, list(rooms))
    await queries.set_rooms.execute(
        connection,
        meetup_id,
        list(rooms),
        [room.capacity for room in sizes],
        [room.overbooking_percent for room in sizes],
    )


def ledger_of(row: asyncpg.Record) -> Ledger:
    """Read the seats of a room out of its row and its meetup's."""
    return Ledger(**row)
