"""Meetups as they are shown: with their organisers' names and their seats."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict
from uuid import UUID

import asyncpg

from chassis.database import Connection
from contracts.meetup import OrganiserRole
from services.registration.domain.decoys import without
from services.registration.domain.facets import Facets
from services.registration.domain.ledgers import Ledger
from services.registration.domain.meetups import Meetup, Occasion, Part, Programme
from services.registration.domain.registrations import Mode, Room
from services.registration.store import ledgers, queries
from services.registration.store.terms import questions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Organiser:
    """An organisation of a meetup, named."""

    organisation_id: UUID
    role: OrganiserRole
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a meetup stood before it was moved last."""

    starts_local: datetime
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All there is to show of a meetup. The lead organiser comes first.

    `seats` are those on site, or of the only way of attending; `online` those online of a hybrid meetup, beside them.
    """

    meetup: Meetup
    seats: Ledger
    organisers: tuple[Organiser, ...]
    online: Ledger | None = None
    stood: Stood | None = None

    @property
    def rooms(self) -> tuple[Ledger, ...]:
        """The seats of each way of attending."""
        return (self.seats,) if self.online is None else (self.seats, self.online)

    def true(self) -> "Sheet":
        """Return it without decoys."""
        return replace(self, seats=without(self.seats), online=without(self.online) if self.online else None)


async def by_ids(connection: Connection, meetup_ids: Iterable[UUID]) -> dict[UUID, Sheet]:
    """Return those that exist, drafts included."""
    return {row["id"]: sheet_of(row) for row in await queries.meetups_by_id.fetch(connection, list(meetup_ids))}


async def by_slug(connection: Connection, slug: str) -> Sheet | None:
    """Return the one at this address."""
    row = await queries.meetup_by_slug.fetchrow(connection, slug)
    return sheet_of(row) if row else None


async def insert(connection: Connection, meetup: Meetup, rooms: Mapping[Mode, Ledger]) -> None:
    """Keep a new draft with its rooms. Raises asyncpg.UniqueViolationError when its slug is another's."""
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
        meetup.approval,
        meetup.demo,
        meetup.changed_at,
        meetup.join_url,
    )
    await ledgers.arrange(connection, meetup.id, rooms)


async def update(connection: Connection, meetup: Meetup) -> None:
    """Write a locked meetup. Its rooms are written by `store.ledgers`."""
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
        meetup.approval,
        meetup.join_url,
        meetup.join_changes,
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


async def mark_filled(
    connection: Connection, rooms: Collection[Room], meetup_ids: Iterable[UUID], *, now: datetime
) -> None:
    """Note that these locked rooms are full for the first time; of these meetups that was the last, which counts as their event."""
    await queries.mark_filled.execute(
        connection, [room.meetup_id for room in rooms], [room.mode for room in rooms], now
    )
    await queries.count_filled.execute(connection, list(meetup_ids), now)


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
            visibility=row["visibility"],
            questions=questions_of(row["questions"]),
        ),
        organisers=tuple(Part(organisation_id=o.organisation_id, role=o.role) for o in organisers),
        calendar_sequence=row["calendar_sequence"],
        approval=row["approval"],
        join_url=row["join_url"],
        join_changes=row["join_changes"],
        demo=row["demo"],
        changed_at=row["changed_at"],
    )
    seats, *others = (_ledger_of(meetup, room) for room in row["rooms"])
    return Sheet(
        meetup=meetup,
        seats=seats,
        online=others[0] if others else None,
        organisers=organisers,
        stood=Stood(row["stood_local"], row["stood_timezone"]) if row["stood_local"] else None,
    )


class _Room(TypedDict):
    mode: Mode
    capacity: int
    overbooking_percent: int
    taken: int
    waiting: int
    next_number: int
    filled: bool
    decoys_held: int
    decoys_waiting: int


def _ledger_of(meetup: Meetup, room: _Room) -> Ledger:
    return Ledger(
        meetup_id=meetup.id,
        territory=meetup.territory,
        status=meetup.status,
        timezone=meetup.occasion.timezone,
        starts_at=meetup.occasion.starts_at,
        closes_at=meetup.occasion.closes_at,
        approval=meetup.approval,
        **room,
    )


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
