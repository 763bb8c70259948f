"""Seats of meetups, under their lock."""

from collections.abc import Collection, Iterable
from uuid import UUID

import asyncpg

from chassis.database import Connection
from services.registration.domain.seats import Ledger
from services.registration.store import queries


async def lock(connection: Connection, meetup_ids: Iterable[UUID]) -> dict[UUID, Ledger]:
    """Lock meetups until the transaction ends, and return the seats of those that exist."""
    rows = await queries.lock_ledgers.fetch(connection, list(meetup_ids))
    return {row["id"]: ledger_of(row) for row in rows}


async def write(connection: Connection, ledgers: Collection[Ledger]) -> None:
    """Write the counters of locked meetups. Capacity is written with the meetup (`store.meetups`)."""
    await queries.write_ledgers.execute(
        connection,
        [ledger.meetup_id for ledger in ledgers],
        [ledger.taken for ledger in ledgers],
        [ledger.waiting for ledger in ledgers],
        [ledger.next_number for ledger in ledgers],
    )


def ledger_of(row: asyncpg.Record) -> Ledger:
    """Read the seats out of a meetup's row."""
    return Ledger(
        meetup_id=row["id"],
        territory=row["territory"],
        status=row["status"],
        starts_at=row["starts_at"],
        closes_at=row["closes_at"],
        capacity=row["capacity"],
        overbooking_percent=row["overbooking_percent"],
        taken=row["seats_taken"],
        waiting=row["waiting_count"],
        next_number=row["next_waiting_number"],
        filled=row["filled_at"] is not None,
    )
