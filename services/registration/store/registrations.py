"""Registrations of locked meetups, and what their bearers and organisers may see of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.database import Connection
from services.registration.domain.registrations import Registration, Room
from services.registration.store import queries


async def by_reference(connection: Connection, meetup_id: UUID, references: Iterable[str]) -> dict[str, Registration]:
    """Return registrations of one meetup by their references."""
    rows = await queries.registrations_by_reference.fetch(connection, meetup_id, list(references))
    return {row["reference"]: registration_of(row) for row in rows}


async def by_ticket(connection: Connection, meetup_id: UUID, tickets: Iterable[UUID]) -> dict[UUID, Registration]:
    """Return registrations of one meetup by what the codes of their tickets say."""
    rows = await queries.registrations_by_ticket.fetch(connection, meetup_id, list(tickets))
    return {row["ticket"]: registration_of(row) for row in rows}


async def active(connection: Connection, meetup_id: UUID) -> list[Registration]:
    """Return all that have a seat or wait for one."""
    return [registration_of(row) for row in await queries.active_registrations.fetch(connection, meetup_id)]


async def first_in_line(connection: Connection, seats: Mapping[Room, int]) -> dict[Room, list[Registration]]:
    """Return the next ones to be offered a seat, at most as many of each room as it has `seats`."""
    lines: dict[Room, list[Registration]] = {room: [] for room in seats}
    meetup_ids, modes = zip(*seats, strict=True)
    for row in await queries.first_in_line.fetch(connection, list(meetup_ids), list(modes), list(seats.values())):
        registration = registration_of(row)
        lines[registration.room].append(registration)
    return lines


async def due(
    connection: Connection, meetup_ids: Iterable[UUID], *, now: datetime, limit: int
) -> dict[Room, list[Registration]]:
    """Return holds and offers of these meetups that have run out."""
    found: dict[Room, list[Registration]] = {}
    for row in await queries.due_registrations.fetch(connection, list(meetup_ids), now, limit):
        registration = registration_of(row)
        found.setdefault(registration.room, []).append(registration)
    return found


async def end_holds_by(connection: Connection, meetup_id: UUID, *, starts_at: datetime) -> None:
    """Let no hold or offer of a meetup that was moved outlive its start."""
    await queries.end_holds_by.execute(connection, meetup_id, starts_at)


async def write(connection: Connection, registrations: Sequence[Registration]) -> None:
    """Write what may change of them, in one statement."""
    if registrations:
        await queries.write_registrations.execute(
            connection,
            [r.id for r in registrations],
            [r.version for r in registrations],
            [r.status for r in registrations],
            [r.expires_at for r in registrations],
            [r.cancelled_by for r in registrations],
            [r.attended for r in registrations],
            [r.attended_at for r in registrations],
            [r.last_scan_at for r in registrations],
            [r.changed_at for r in registrations],
            [r.mode for r in registrations],
            [r.approval for r in registrations],
            [r.waiting_number for r in registrations],
            [r.offered_at for r in registrations],
            [r.calendar_changes for r in registrations],
        )


async def ranks(connection: Connection, registrations: Iterable[Registration]) -> dict[UUID, int]:
    """Return the ranks on their waiting lists of those who are in line."""
    line = [registration for registration in registrations if registration.in_line]
    if not line:
        return {}
    rows = await queries.ranks_in_line.fetch(
        connection, [r.meetup_id for r in line], [r.mode for r in line], [r.waiting_number for r in line]
    )
    return {registration.id: row["rank"] for registration, row in zip(line, rows, strict=True)}


def registration_of(row: asyncpg.Record) -> Registration:
    """Read a registration out of its row, and its meetup's territory and attendance mode."""
    return Registration(
        id=row["id"],
        version=row["version"],
        reference=row["reference"],
        meetup_id=row["meetup_id"],
        person_id=row["person_id"],
        mode=row["mode"],
        hybrid=row["attendance_mode"] == "hybrid",
        territory=row["territory"],
        status=row["status"],
        headcount=row["headcount"],
        locale=row["locale"],
        waiting_number=row["waiting_number"],
        expires_at=row["expires_at"],
        cancelled_by=row["cancelled_by"],
        attended=row["attended"],
        attended_at=row["attended_at"],
        last_scan_at=row["last_scan_at"],
        approval=row["approval"],
        offered_at=row["offered_at"],
        role=row["role"],
        sector=row["sector"],
        needs=tuple(row["needs"]) if row["needs"] is not None else None,
        timezone=row["timezone"],
        notice_version=row["notice_version"],
        calendar_changes=row["calendar_changes"],
        named_by=row["named_by"],
        registered_at=row["registered_at"],
        changed_at=row["changed_at"],
    )
