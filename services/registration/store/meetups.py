"""Meetups as they are shown: with their organisers' names and their seats."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.database import Connection
from contracts.meetup import OrganiserRole
from services.registration.domain.facets import Facets
from services.registration.domain.meetups import Meetup, Occasion, Part, Programme
from services.registration.domain.seats import Ledger
from services.registration.store import queries
from services.registration.store.ledgers import ledger_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Organiser:
    """An organisation of a meetup, named."""

    organisation_id: UUID
    role: OrganiserRole
    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All there is to show of a meetup. The lead organiser comes first."""

    meetup: Meetup
    seats: Ledger
    organisers: tuple[Organiser, ...]


async def by_ids(connection: Connection, meetup_ids: Iterable[UUID]) -> dict[UUID, Sheet]:
    """Return those that exist, drafts included."""
    return {row["id"]: sheet_of(row) for row in await queries.meetups_by_id.fetch(connection, list(meetup_ids))}


async def by_slug(connection: Connection, slug: str) -> Sheet | None:
    """Return the one at this address."""
    row = await queries.meetup_by_slug.fetchrow(connection, slug)
    return sheet_of(row) if row else None


async def insert(connection: Connection, meetup: Meetup, seats: Ledger) -> None:
    """Keep a new draft. Raises asyncpg.UniqueViolationError when its slug is another's."""
    at, about = meetup.occasion, meetup.programme
    await queries.insert_meetup.execute(
        connection,
        meetup.id,
        meetup.slug,
        meetup.territory,
        about.title,
        about.description,
        about.format,
        about.attendance_mode,
        at.timezone,
        at.starts_local,
        at.ends_local,
        at.closes_local,
        at.starts_at,
        at.ends_at,
        at.closes_at,
        at.venue_name,
        at.venue_address,
        seats.capacity,
        seats.overbooking_percent,
        meetup.demo,
        meetup.changed_at,
    )


async def update(connection: Connection, meetup: Meetup, seats: Ledger) -> None:
    """Write a locked meetup and its capacity. Counters are written by `store.ledgers`."""
    at, about = meetup.occasion, meetup.programme
    await queries.update_meetup.execute(
        connection,
        meetup.id,
        meetup.version,
        meetup.status,
        about.title,
        about.description,
        about.format,
        about.attendance_mode,
        at.timezone,
        at.starts_local,
        at.ends_local,
        at.closes_local,
        at.starts_at,
        at.ends_at,
        at.closes_at,
        at.venue_name,
        at.venue_address,
        meetup.calendar_sequence,
        meetup.changed_at,
        seats.capacity,
        seats.overbooking_percent,
    )


async def set_organisers(connection: Connection, meetup_id: UUID, parts: Iterable[Part]) -> None:
    """Replace the organisers of a meetup. Raises asyncpg.ForeignKeyViolationError for an unknown organisation."""
    parts = list(parts)
    await queries.remove_organisers.execute(connection, meetup_id)
    await queries.add_organisers.execute(
        connection, meetup_id, [part.organisation_id for part in parts], [part.role for part in parts]
    )


async def missing_organisations(connection: Connection, organisation_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the ids that no organisation has."""
    rows = await queries.missing_organisations.fetch(connection, list(organisation_ids))
    return {row["id"] for row in rows}


async def mark_filled(connection: Connection, meetup_ids: Iterable[UUID], *, now: datetime) -> None:
    """Note that these locked meetups are full for the first time; that counts as an event of theirs."""
    await queries.mark_filled.execute(connection, list(meetup_ids), now)


def sheet_of(row: asyncpg.Record) -> Sheet:
    """Read a row of the view `meetup_sheets`."""
    organisers = tuple(
        Organiser(organisation_id=UUID(o["organisation_id"]), role=o["role"], name=o["name"], kind=o["kind"])
        for o in row["organisers"] or ()
    )
    meetup = Meetup(
        id=row["id"],
        version=row["version"],
        slug=row["slug"],
        status=row["status"],
        territory=row["territory"],
        occasion=_occasion_of(row),
        programme=Programme(
            title=row["title"],
            description=row["description"],
            format=row["format"],
            attendance_mode=row["attendance_mode"],
            facets=_facets_of(row),
        ),
        organisers=tuple(Part(organisation_id=o.organisation_id, role=o.role) for o in organisers),
        calendar_sequence=row["calendar_sequence"],
        demo=row["demo"],
        changed_at=row["changed_at"],
    )
    return Sheet(meetup=meetup, seats=ledger_of(row), organisers=organisers)


def _occasion_of(row: asyncpg.Record) -> Occasion:
    return Occasion(
        timezone=row["timezone"],
        starts_local=row["starts_local"],
        ends_local=row["ends_local"],
        closes_local=row["closes_local"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        closes_at=row["closes_at"],
        venue_name=row["venue_name"],
        venue_address=row["venue_address"],
    )


def _facets_of(row: asyncpg.Record) -> Facets:
    return Facets(
        audiences=tuple(row["audiences"]),
        level=row["level"],
        sectors=tuple(row["sectors"]),
        needs=tuple(row["needs"]),
    )
