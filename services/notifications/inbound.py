"""The tables as the handler sees them: copies loaded, copies saved, mails owed. All of it in the caller's transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from chassis.database import Connection
from chassis.ids import uuid7
from contracts.envelope import Event
from contracts.meetup import MeetupState
from contracts.organisation import OrganisationState
from contracts.registration import RegistrationState
from services.notifications.domain.copies import Copies, MeetupCopy, RegistrationCopy, Standing
from services.notifications.domain.notices import Facts, Notice
from services.notifications.domain.owed import Digest
from services.notifications.domain.sequences import joined_elsewhere, moved
from services.notifications.queries import QUERIES

FACTS = TypeAdapter(Facts)
_ONE_AT_A_TIME = 0x6E6F7469


async def take_turn(connection: Connection) -> None:
    """Wait until no other batch is being written; held until the transaction ends."""
    await QUERIES.one_batch_at_a_time.execute(connection, _ONE_AT_A_TIME)


async def load(connection: Connection, events: Sequence[Event]) -> Copies:
    """Return the copies that a batch of events touches."""
    registrations = [e.data for e in events if isinstance(e.data, RegistrationState)]
    meetups = [e.data for e in events if isinstance(e.data, MeetupState)]
    organisations = [e.data.organisation_id for e in events if isinstance(e.data, OrganisationState)]
    concerned = list({m.meetup_id for m in meetups} | {r.meetup_id for r in registrations})
    copies = Copies()
    if concerned:
        for row in await QUERIES.load_meetups.fetch(connection, concerned):
            if row["state"] is not None:
                state = MeetupState.model_validate(row["state"], extra="ignore")
                copies.meetups[state.meetup_id] = MeetupCopy(state, row["scheduled_at"])
            if row["taken"] is not None:
                copies.standings[row["meetup_id"]] = Standing(row["taken"], row["waiting"])
        ids = [r.registration_id for r in registrations]
        for row in await QUERIES.load_registrations.fetch(connection, ids, _moved(meetups, copies)):
            copies.registrations[row["registration_id"]] = _registration(row)
    if concerned or organisations:
        concerned_organisations = [*organisations, *(o.organisation_id for m in meetups for o in m.organisers)]
        for row in await QUERIES.load_organisations.fetch(connection, concerned_organisations, concerned):
            organisation = OrganisationState.model_validate(row["state"], extra="ignore")
            copies.organisations[organisation.organisation_id] = organisation
    return copies


async def save(connection: Connection, copies: Copies, result: Digest, *, now: datetime) -> None:
    """Write what a batch came to."""
    await _save_copies(connection, copies, result.changed)
    if result.erased:
        await QUERIES.drop_for_erased.execute(connection, list(result.erased), now)
    # Copies before deliveries, deliveries before lanes: the sender locks in that order too.
    owed = [notice for notice in result.notices if notice.recipient_id not in result.erased]
    if owed:
        await add(connection, owed, now=now)
    if result.tallies:
        keys, tallies = zip(*sorted(result.tallies.items(), key=lambda item: item[0]), strict=True)
        await QUERIES.add_to_summaries.execute(
            connection,
            [organisation for organisation, _ in keys],
            [meetup for _, meetup in keys],
            [tally.seated for tally in tallies],
            [tally.waitlisted for tally in tallies],
        )


async def add(connection: Connection, notices: Sequence[Notice], *, now: datetime) -> None:
    """Write down mails that are owed, in order; one that is owed already stays as it is."""
    await QUERIES.add_deliveries.execute(
        connection,
        [uuid7() for _ in notices],
        [n.event_id for n in notices],
        [n.kind.value for n in notices],
        [n.recipient_kind for n in notices],
        [n.recipient_id for n in notices],
        [n.registration_id for n in notices],
        [n.meetup_id for n in notices],
        [FACTS.dump_python(n.facts, mode="json", exclude_none=True) for n in notices],
        [dict(n.trace) for n in notices],
        [n.due_at for n in notices],
        now,
    )


def _moved(meetups: Iterable[MeetupState], copies: Copies) -> list[UUID]:
    """Only a move, or another address for joining, concerns those registered; a busy meetup has thousands."""
    known = {meetup_id: copy.state for meetup_id, copy in copies.meetups.items()}
    return list(
        {
            new.meetup_id
            for new in meetups
            if (old := known.get(new.meetup_id)) and (moved(old, new) or joined_elsewhere(old, new))
        }
    )


async def _save_copies(connection: Connection, copies: Copies, changed: Iterable[UUID]) -> None:
    changed = sorted(changed)
    if meetups := [copies.meetups[i] for i in changed if i in copies.meetups]:
        await QUERIES.save_meetups.execute(
            connection,
            [m.state.meetup_id for m in meetups],
            [m.state.version for m in meetups],
            [m.state.model_dump(mode="json") for m in meetups],
            [m.state.starts_at for m in meetups],
            [m.scheduled_at for m in meetups],
        )
    if organisations := [copies.organisations[i] for i in changed if i in copies.organisations]:
        await QUERIES.save_organisations.execute(
            connection,
            [o.organisation_id for o in organisations],
            [o.version for o in organisations],
            [o.model_dump(mode="json") for o in organisations],
        )
    if registrations := [copies.registrations[i] for i in changed if i in copies.registrations]:
        await _save_registrations(connection, registrations)
        meetup_ids = sorted({r.meetup_id for r in registrations} & copies.standings.keys())
        standings = [copies.standings[i] for i in meetup_ids]
        await QUERIES.save_standings.execute(
            connection, meetup_ids, [s.taken for s in standings], [s.waiting for s in standings]
        )


async def _save_registrations(connection: Connection, registrations: Sequence[RegistrationCopy]) -> None:
    await QUERIES.save_registrations.execute(
        connection,
        [r.registration_id for r in registrations],
        [r.version for r in registrations],
        [r.meetup_id for r in registrations],
        [r.person_id for r in registrations],
        [r.status for r in registrations],
        [r.locale for r in registrations],
        [r.reference for r in registrations],
        [r.calendar_sequence for r in registrations],
        [r.confirmed_at for r in registrations],
        [r.mode for r in registrations],
        [r.timezone for r in registrations],
        [r.awaiting_approval for r in registrations],
        [r.calendar_changes for r in registrations],
        [r.named_by for r in registrations],
    )


def _registration(row: asyncpg.Record) -> RegistrationCopy:
    return RegistrationCopy(**dict(row))
