"""What attendees are told: each change of a registration that its attendee should know of, and each move of its meetup."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Event
from contracts.meetup import MeetupState
from contracts.person import PersonLinksRequested
from contracts.registration import RegistrationState, RegistrationStatus
from services.notifications.domain.copies import Copies, RegistrationCopy, attends_online
from services.notifications.domain.notices import Facts, Kind, Notice, Slot
from services.notifications.domain.owed import Digest
from services.notifications.domain.sequences import next_sequence

_TO_ATTENDEE: dict[RegistrationStatus, Kind] = {
    "held": Kind.CONFIRM_ADDRESS,
    "waitlisted": Kind.WAITING_LIST,
    "offered": Kind.SEAT_OFFERED,
    "confirmed": Kind.SEAT_CONFIRMED,
    "cancelled": Kind.REGISTRATION_CANCELLED,
    "expired": Kind.REGISTRATION_EXPIRED,
}


def tell_of_the_move(
    event: Event, old: MeetupState, new: MeetupState, copies: Copies, result: Digest, now: datetime
) -> None:
    """Tell everybody still registered; the confirmed by calendar as well."""
    previous = Slot(old.starts_local, old.ends_local, old.timezone, old.venue.name, old.attendance_mode)
    for known in [r for r in copies.registrations.values() if r.meetup_id == new.meetup_id and r.is_active]:
        sequence = _note_sequence(known, new, copies, result) if known.status == "confirmed" else None
        facts = Facts(
            sequence=sequence, status=known.status, previous=previous, awaiting=known.awaiting_approval or None
        )
        result.notices.append(_to_attendee(event, Kind.MEETUP_MOVED, known, facts, now))


def tell_where_to_join(event: Event, new: MeetupState, copies: Copies, result: Digest, now: datetime) -> None:
    """Tell those with a confirmed seat online, by calendar as well; whoever gets one later is told with it."""
    for known in [r for r in copies.registrations.values() if r.meetup_id == new.meetup_id]:
        if known.status == "confirmed" and attends_online(known.mode, new):
            facts = Facts(sequence=_note_sequence(known, new, copies, result), status=known.status)
            result.notices.append(_to_attendee(event, Kind.JOIN_CHANGED, known, facts, now))


def tell_the_attendee(
    event: Event,
    state: RegistrationState,
    copy: RegistrationCopy,
    known: RegistrationCopy | None,
    result: Digest,
    now: datetime,
) -> None:
    """Tell whose registration it is what became of it."""
    kind = _kind(copy, known)
    if kind is None or state.cancelled_by == "erasure":
        return
    was = known.status if known else None
    was_awaiting = known is not None and known.awaiting_approval
    had_invitation = was == "confirmed" or state.status == "confirmed"
    facts = Facts(
        sequence=copy.calendar_sequence if had_invitation else None,
        position=state.waiting_position,
        expires_at=state.expires_at,
        status=state.status,
        was=was,
        cancelled_by=state.cancelled_by,
        awaiting=copy.awaiting_approval or (was_awaiting and not copy.is_active) or None,
        approved=(was_awaiting and copy.is_active and not copy.awaiting_approval) or None,
    )
    result.notices.append(_to_attendee(event, kind, copy, facts, now))


def _note_sequence(known: RegistrationCopy, meetup: MeetupState, copies: Copies, result: Digest) -> int:
    """Return the SEQUENCE of a message about what became of its meetup, and note it as the newest."""
    sequence = next_sequence(known, known, meetup)
    copies.registrations[known.registration_id] = replace(known, calendar_sequence=sequence)
    result.changed.add(known.registration_id)
    return sequence


def _kind(copy: RegistrationCopy, known: RegistrationCopy | None) -> Kind | None:
    """What this change is to its attendee; nothing, if it is about what no mail states."""
    if known is None or copy.status != known.status or copy.awaiting_approval != known.awaiting_approval:
        return Kind.REQUEST_RECEIVED if copy.awaiting_approval and copy.is_active else _TO_ATTENDEE[copy.status]
    if copy.status == "confirmed" and copy.attends_otherwise(known):
        return Kind.MODE_CHANGED
    return None


def links(event: Event, request: PersonLinksRequested, now: datetime) -> Notice:
    """Return the one mail of all their links; whose they are, and whether they still stand, is asked when it leaves."""
    return Notice(
        event_id=event.id,
        kind=Kind.REGISTRATION_LINKS,
        recipient_kind="person",
        recipient_id=request.person_id,
        registration_id=None,
        meetup_id=None,
        facts=Facts(registration_ids=request.registration_ids, reason=request.reason, locale=request.locale),
        due_at=now,
        trace=event.trace,
    )


def without_overtaken_approvals(notices: list[Notice]) -> list[Notice]:
    """Merge approvals into offers: whoever is approved while a seat is free is offered it at once, and one mail says both."""
    offered = {n.registration_id for n in notices if n.kind is Kind.SEAT_OFFERED}
    overtaken = {
        n.registration_id
        for n in notices
        if n.kind is Kind.WAITING_LIST and n.facts.approved and n.registration_id in offered
    }
    return [
        replace(n, facts=replace(n.facts, approved=True))
        if n.kind is Kind.SEAT_OFFERED and n.registration_id in overtaken
        else n
        for n in notices
        if not (n.kind is Kind.WAITING_LIST and n.registration_id in overtaken and n.facts.approved)
    ]


def _to_attendee(event: Event, kind: Kind, copy: RegistrationCopy, facts: Facts, now: datetime) -> Notice:
    return Notice(
        event_id=event.id,
        kind=kind,
        recipient_kind="person",
        recipient_id=copy.person_id,
        registration_id=copy.registration_id,
        meetup_id=copy.meetup_id,
        facts=facts,
        due_at=now,
        trace=event.trace,
    )
