"""What organisers do with meetups, and what everybody may read of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import asyncpg

from chassis.ids import uuid7
from chassis.problems import NotFound
from chassis.telemetry import current_trace
from contracts import catalogue
from contracts.catalogue import EventType
from services.registration import decoys
from services.registration.audit import Action, note
from services.registration.domain import meetups as rules
from services.registration.domain import seats
from services.registration.domain.ledgers import Ledger
from services.registration.domain.meetups import Meetup, Part
from services.registration.domain.questions import sound
from services.registration.domain.refusals import RoomInUse
from services.registration.domain.registrations import Mode, Registration, Room
from services.registration.domain.rooms import arrange, modes_of
from services.registration.editing import (
    Changes,
    Kept,
    NewMeetup,
    Place,
    When,
    edited_occasion,
    edited_programme,
    occasion_of,
)
from services.registration.events import meetup_event, registration_event
from services.registration.organisers import Organiser
from services.registration.problems import SlugTaken, unknown_organisations
from services.registration.promoting import settle
from services.registration.slugs import slug_of
from services.registration.store import ledgers as ledger_store
from services.registration.store import meetups as meetup_store
from services.registration.store import programme as programme_store
from services.registration.store import registrations as registration_store
from services.registration.store import terms as terms_store
from services.registration.store.meetups import Sheet
from services.registration.work import Transaction, Work


async def draft(work: Work, new: NewMeetup, *, by: Organiser) -> Sheet:
    """Keep a new draft, which nobody but organisers sees.

    Raises:
        NoSuchWallTime, ZoneOutsideTerritory, EndsBeforeStart, LeadMissing, NotHybrid, QuestionsRefused, SlugTaken, InvalidInput (an unknown
        organisation).
    """
    sound(new.programme.questions)
    at = occasion_of(new.territory, new.when, new.place)
    async with work.transaction() as tx:
        meetup = Meetup(
            id=new.id or uuid7(),
            version=0,
            slug=new.slug or slug_of(new.programme.title, at.starts_local),
            status="draft",
            territory=new.territory,
            occasion=at,
            programme=new.programme,
            organisers=rules.led(new.organisers),
            calendar_sequence=0,
            approval=new.approval,
            join_url=new.join_url,
            demo=new.demo,
            changed_at=tx.now(),
        )
        attendance_mode = new.programme.attendance_mode
        model = Ledger(
            meetup_id=meetup.id,
            mode=modes_of(attendance_mode)[0],
            territory=new.territory,
            status="draft",
            timezone=at.timezone,
            starts_at=at.starts_at,
            closes_at=at.closes_at,
            capacity=new.capacity,
            overbooking_percent=new.overbooking_percent,
        )
        rooms = arrange({model.mode: model}, attendance_mode, online_capacity=new.online_capacity)
        await _known(tx, meetup.organisers)
        try:
            await meetup_store.insert(tx.connection, meetup, rooms)
        except asyncpg.UniqueViolationError as error:
            raise SlugTaken from error
        await meetup_store.set_organisers(tx.connection, meetup.id, meetup.organisers)
        await programme_store.set_facets(tx.connection, meetup)
        await programme_store.name_organisers(tx.connection, [meetup.id])
        await terms_store.write(tx.connection, meetup.id, meetup.programme)
        await note(tx, by=by, action="meetup.drafted", target=meetup.id)
        return await _sheet(tx, meetup.id)


async def change(work: Work, meetup_id: UUID, changes: Changes, *, by: Organiser) -> Sheet:
    """Edit a meetup; more seats are offered to those who wait.

    Raises:
        NotFound, MeetupCancelled, MeetupOver, TimeAndPlaceFixed, CapacityBelowTaken, RoomInUse, NotHybrid, and those of `draft`.
    """
    async with work.transaction() as tx:
        before = await _lock(tx, meetup_id)
        were = {ledger.mode: ledger for ledger in before.rooms}
        rooms = arrange(
            were,
            changes.attendance_mode or before.meetup.programme.attendance_mode,
            capacity=changes.capacity,
            online_capacity=changes.online_capacity,
            overbooking_percent=changes.overbooking_percent,
        )
        organisers = before.meetup.organisers if changes.organisers is None else rules.led(changes.organisers)
        now = tx.now()
        after = rules.change(
            before.meetup,
            programme=edited_programme(before.meetup.programme, changes),
            organisers=organisers,
            occasion=edited_occasion(before.meetup, changes),
            approval=before.meetup.approval if changes.approval is None else changes.approval,
            join_url=before.meetup.join_url if changes.join_url is Kept.KEPT else changes.join_url,
            now=now,
        )
        if after is before.meetup and rooms != were:
            after = rules.touch(after, now=now)
        if after is before.meetup:
            return before
        if organisers != before.meetup.organisers:
            await _known(tx, organisers)
            await meetup_store.set_organisers(tx.connection, meetup_id, organisers)
            await programme_store.name_organisers(tx.connection, [meetup_id])
        await meetup_store.update(tx.connection, after)
        if rooms != were:
            await _rearrange(tx, meetup_id, rooms)
        await programme_store.set_facets(tx.connection, after)
        await terms_store.write(tx.connection, after.id, after.programme)
        await note(tx, by=by, action="meetup.updated", target=meetup_id)
        if after.status == "published":
            sheet = await _tell(tx, catalogue.MEETUP_UPDATED, meetup_id)
            ledgers = {ledger.room: ledger for ledger in sheet.rooms}
            await settle(tx, ledgers, ledgers, [])
        return await _sheet(tx, meetup_id)


async def publish(work: Work, meetup_id: UUID, *, by: Organiser) -> Sheet:
    """Open a draft to the public. Doing it again changes nothing.

    Raises:
        NotFound, MeetupCancelled, MeetupOver.
    """
    async with work.transaction() as tx:
        before = await _lock(tx, meetup_id)
        return await _move_on(tx, before, rules.publish(before.meetup, now=tx.now()), catalogue.MEETUP_PUBLISHED, by=by)


async def reschedule(work: Work, meetup_id: UUID, when: When, *, place: Place | None, by: Organiser) -> Sheet:
    """Move a published meetup to another time or place; registrations stay, everybody is told, free seats are offered.

    Raises:
        NotFound, MeetupIsDraft, MeetupCancelled, MeetupOver, NoSuchWallTime, ZoneOutsideTerritory, EndsBeforeStart.
    """
    async with work.transaction() as tx:
        before = await _lock(tx, meetup_id)
        at = before.meetup.occasion
        if when.closes_local is None:
            # Whatever time there was between closing and start stays.
            when = replace(when, closes_local=when.starts_local - (at.starts_local - at.closes_local))
        if when.timezone is None:
            when = replace(when, timezone=at.timezone)
        place = place or Place(name=at.venue_name, address=at.venue_address)
        moved = rules.reschedule(before.meetup, occasion_of(before.meetup.territory, when, place), now=tx.now())
        sheet = await _move_on(tx, before, moved, catalogue.MEETUP_RESCHEDULED, by=by)
        if moved is before.meetup:
            return sheet
        if moved.occasion.starts_at != at.starts_at:
            await programme_store.note_move(tx.connection, before.meetup, now=moved.changed_at)
        await registration_store.end_holds_by(tx.connection, meetup_id, starts_at=moved.occasion.starts_at)
        # It may have begun already by the clock it had: seats released since then go to those who wait.
        ledgers = {ledger.room: ledger for ledger in sheet.rooms}
        await settle(tx, ledgers, ledgers, [])
        return await _sheet(tx, meetup_id)


async def cancel(work: Work, meetup_id: UUID, *, by: Organiser) -> Sheet:
    """Call a meetup off for good, with all its registrations. Doing it again changes nothing.

    Raises:
        NotFound, MeetupIsDraft, MeetupOver.
    """
    async with work.transaction() as tx:
        before = await _lock(tx, meetup_id)
        after = rules.cancel(before.meetup, now=tx.now())
        sheet = await _move_on(tx, before, after, catalogue.MEETUP_CANCELLED, by=by)
        if after is before.meetup:
            return sheet
        await _cancel_registrations(tx, {ledger.room: ledger for ledger in sheet.rooms})
        return await _sheet(tx, meetup_id)


async def get(work: Work, id_or_slug: UUID | str) -> Sheet:
    """Return a meetup that was published. Raises NotFound."""
    async with work.database.connection() as connection:
        if isinstance(id_or_slug, UUID):
            sheet = (await meetup_store.by_ids(connection, [id_or_slug])).get(id_or_slug)
        else:
            sheet = await meetup_store.by_slug(connection, id_or_slug)
    if sheet is None or sheet.meetup.status == "draft":
        raise NotFound
    return sheet


_NOTED: Mapping[EventType, Action] = {
    catalogue.MEETUP_PUBLISHED: "meetup.published",
    catalogue.MEETUP_RESCHEDULED: "meetup.rescheduled",
    catalogue.MEETUP_CANCELLED: "meetup.cancelled",
}


async def _lock(tx: Transaction, meetup_id: UUID) -> Sheet:
    await ledger_store.lock(tx.connection, [meetup_id])
    return await _sheet(tx, meetup_id)


async def _sheet(tx: Transaction, meetup_id: UUID) -> Sheet:
    sheet = (await meetup_store.by_ids(tx.connection, [meetup_id])).get(meetup_id)
    if sheet is None:
        raise NotFound
    return sheet


async def _known(tx: Transaction, parts: Sequence[Part]) -> None:
    if await meetup_store.missing_organisations(tx.connection, [part.organisation_id for part in parts]):
        raise unknown_organisations()


async def _move_on(tx: Transaction, before: Sheet, after: Meetup, kind: EventType, *, by: Organiser) -> Sheet:
    if after is before.meetup:
        return before
    await meetup_store.update(tx.connection, after)
    await note(tx, by=by, action=_NOTED[kind], target=after.id)
    return await _tell(tx, kind, after.id)


async def _tell(tx: Transaction, kind: EventType, meetup_id: UUID) -> Sheet:
    sheet = await _sheet(tx, meetup_id)
    tx.tell([meetup_event(kind, sheet, trace=current_trace())])
    return sheet


async def _rearrange(tx: Transaction, meetup_id: UUID, rooms: Mapping[Mode, Ledger]) -> None:
    try:
        await ledger_store.arrange(tx.connection, meetup_id, rooms)
    except asyncpg.ForeignKeyViolationError as error:
        raise RoomInUse from error


async def _cancel_registrations(tx: Transaction, ledgers: dict[Room, Ledger]) -> None:
    now, cancelled = tx.now(), list[Registration]()
    for registration in await registration_store.active(tx.connection, next(iter(ledgers)).meetup_id):
        room = registration.room
        ledgers[room], gone = seats.cancel(ledgers[room], registration, by="organiser", now=now)
        cancelled.append(gone)
    await registration_store.write(tx.connection, cancelled)
    ledgers = await decoys.cancel(tx, ledgers)
    await ledger_store.write(tx.connection, ledgers.values())
    trace = current_trace()
    tx.tell(registration_event(registration, trace=trace) for registration in cancelled)
