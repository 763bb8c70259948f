"""Which event makes which mail. A batch of events is folded, in order of arrival, over the copies; out come notices and new copies.

An event older than the copy makes no mail: what it says was overtaken. What counts is the change between copy and event, so that
an event overtaken by a later one of its registration is not missed either: the later one carries the whole state.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts.catalogue import MEETUP_FILLED
from contracts.envelope import Event
from contracts.meetup import MeetupState
from contracts.organisation import NewRegistrationMail, OrganisationState
from contracts.person import PersonErased
from contracts.registration import RegistrationState, RegistrationStatus
from services.notifications.domain.copies import ACTIVE, Copies, RegistrationCopy, Standing
from services.notifications.domain.notices import Facts, Kind, Notice, Slot

_ATTENDANCE = "attendance"
_TO_ATTENDEE: dict[RegistrationStatus, Kind] = {
    "held": Kind.CONFIRM_ADDRESS,
    "waitlisted": Kind.WAITING_LIST,
    "offered": Kind.SEAT_OFFERED,
    "confirmed": Kind.SEAT_CONFIRMED,
    "cancelled": Kind.REGISTRATION_CANCELLED,
    "expired": Kind.REGISTRATION_EXPIRED,
}


@dataclass(slots=True)
class Tally:
    """New registrations of one meetup that an organisation will read of in its hourly summary."""

    seated: int = 0
    waitlisted: int = 0


@dataclass(slots=True)
class Digest:
    """What a batch comes to. `changed` holds the ids whose copies differ from what was loaded, `summaries` those already noticed."""

    notices: list[Notice] = field(default_factory=list)
    tallies: dict[tuple[UUID, UUID], Tally] = field(default_factory=dict)
    erased: set[UUID] = field(default_factory=set)
    changed: set[UUID] = field(default_factory=set)
    summaries: set[UUID] = field(default_factory=set)


def digest(events: Iterable[Event], copies: Copies, *, now: datetime) -> Digest:
    """Fold the events over the copies, which are brought up to date in place."""
    result = Digest()
    for event in events:
        match event.data:
            case RegistrationState() as state:
                _registration(event, state, copies, result, now)
            case MeetupState() as state:
                _meetup(event, state, copies, result, now)
            case OrganisationState() as state:
                _organisation(state, copies, result)
            case PersonErased() as erasure:
                result.erased.add(erasure.person_id)
    return result


def _organisation(state: OrganisationState, copies: Copies, result: Digest) -> None:
    known = copies.organisations.get(state.organisation_id)
    if known is None or state.version > known.version:
        copies.organisations[state.organisation_id] = state
        result.changed.add(state.organisation_id)


def _meetup(event: Event, state: MeetupState, copies: Copies, result: Digest, now: datetime) -> None:
    known = copies.meetups.get(state.meetup_id)
    if known is not None and state.version <= known.version:
        return
    copies.meetups[state.meetup_id] = state
    result.changed.add(state.meetup_id)
    if known is not None and state.calendar_sequence > known.calendar_sequence and state.status == "published":
        _tell_of_the_move(event, known, state, copies, result, now)
    if event.type is MEETUP_FILLED:
        facts = _counts(copies.standings.get(state.meetup_id, Standing()))
        for organisation_id in _organisers(state):
            result.notices.append(_to_organisation(event, Kind.MEETUP_FULL, organisation_id, state, facts, now))


def _tell_of_the_move(
    event: Event, old: MeetupState, new: MeetupState, copies: Copies, result: Digest, now: datetime
) -> None:
    previous = Slot(old.starts_local, old.ends_local, old.timezone, old.venue.name)
    for known in [r for r in copies.registrations.values() if r.meetup_id == new.meetup_id and r.is_active]:
        sequence = None
        if known.status == "confirmed":
            sequence = _next_sequence(known.calendar_sequence, new)
            copies.registrations[known.registration_id] = replace(known, calendar_sequence=sequence)
            result.changed.add(known.registration_id)
        facts = Facts(sequence=sequence, status=known.status, previous=previous)
        result.notices.append(_to_attendee(event, Kind.MEETUP_MOVED, known, facts, now))


def _registration(event: Event, state: RegistrationState, copies: Copies, result: Digest, now: datetime) -> None:
    known = copies.registrations.get(state.registration_id)
    if known is not None and state.version <= known.version:
        return
    was = known.status if known else None
    sequence = _sequence(known, state, copies.meetups.get(state.meetup_id))
    copy = RegistrationCopy.of(state, calendar_sequence=sequence)
    copies.registrations[state.registration_id] = copy
    result.changed.add(state.registration_id)
    if was != state.status:
        standing = copies.standings.get(state.meetup_id, Standing()).moved(was, state.status)
        copies.standings[state.meetup_id] = standing
        if event.type.aggregate != _ATTENDANCE:
            _tell_the_attendee(event, state, copy, was, result, now)
        if state.status in ACTIVE and was not in ACTIVE:
            _tell_the_organisers(event, state, copies, standing, result, now)


def _sequence(known: RegistrationCopy | None, state: RegistrationState, meetup: MeetupState | None) -> int | None:
    """SEQUENCE of the registration's newest calendar message: it never goes back, not even over a cancellation (RFC 5546, 2.1.4)."""
    last = known.calendar_sequence if known else None
    was = known.status if known else None
    if state.status == "confirmed" and was != "confirmed":
        return _next_sequence(last, meetup)
    if was == "confirmed" and state.status != "confirmed" and last is not None:
        return last + 1
    return last


def _next_sequence(last: int | None, meetup: MeetupState | None) -> int:
    own = meetup.calendar_sequence if meetup else 0
    return own if last is None else max(own, last + 1)


def _tell_the_attendee(
    event: Event,
    state: RegistrationState,
    copy: RegistrationCopy,
    was: RegistrationStatus | None,
    result: Digest,
    now: datetime,
) -> None:
    if state.cancelled_by == "erasure":
        return
    had_invitation = was == "confirmed" or state.status == "confirmed"
    facts = Facts(
        sequence=copy.calendar_sequence if had_invitation else None,
        position=state.waiting_position,
        expires_at=state.expires_at,
        status=state.status,
        was=was,
        cancelled_by=state.cancelled_by,
    )
    result.notices.append(_to_attendee(event, _TO_ATTENDEE[state.status], copy, facts, now))


def _tell_the_organisers(
    event: Event, state: RegistrationState, copies: Copies, standing: Standing, result: Digest, now: datetime
) -> None:
    """At the first event of a registration, not at its confirmation: organisers watch the room fill, and a hold takes a seat."""
    meetup = copies.meetups.get(state.meetup_id)
    if meetup is None:
        return
    facts = replace(_counts(standing), status=state.status, headcount=state.headcount)
    for organisation_id in _organisers(meetup):
        wish = _wish(copies.organisations.get(organisation_id))
        if wish == "each":
            notice = _to_organisation(event, Kind.NEW_REGISTRATION, organisation_id, meetup, facts, now)
            result.notices.append(replace(notice, registration_id=state.registration_id))
        elif wish == "hourly":
            _add_to_summary(event, organisation_id, state, result, now)


def _add_to_summary(
    event: Event, organisation_id: UUID, state: RegistrationState, result: Digest, now: datetime
) -> None:
    tally = result.tallies.setdefault((organisation_id, state.meetup_id), Tally())
    if state.status == "waitlisted":
        tally.waitlisted += 1
    else:
        tally.seated += 1
    summary = _summary(event, organisation_id, now)
    if summary.event_id not in result.summaries:
        result.summaries.add(summary.event_id)
        result.notices.append(summary)


def _summary(event: Event, organisation_id: UUID, now: datetime) -> Notice:
    """One notice for each organisation and hour, whichever registration comes first: its id is derived from both."""
    due_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return Notice(
        event_id=uuid5(NAMESPACE_URL, f"urn:rencontres:summary:{organisation_id}:{due_at.isoformat()}"),
        kind=Kind.NEW_REGISTRATIONS,
        recipient_kind="organisation",
        recipient_id=organisation_id,
        registration_id=None,
        meetup_id=None,
        facts=Facts(),
        due_at=due_at,
        trace=event.trace,
    )


def _wish(organisation: OrganisationState | None) -> NewRegistrationMail:
    """One mail an hour for an organisation not heard of yet: neither silence nor a flood."""
    return organisation.new_registration_mail if organisation else "hourly"


def _organisers(meetup: MeetupState) -> list[UUID]:
    """Those who run it; a partner lends its name only."""
    return list(dict.fromkeys(o.organisation_id for o in meetup.organisers if o.role in ("lead", "co")))


def _counts(standing: Standing) -> Facts:
    return Facts(taken=standing.taken, waiting=standing.waiting)


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


def _to_organisation(
    event: Event, kind: Kind, organisation_id: UUID, meetup: MeetupState, facts: Facts, now: datetime
) -> Notice:
    return Notice(
        event_id=event.id,
        kind=kind,
        recipient_kind="organisation",
        recipient_id=organisation_id,
        registration_id=None,
        meetup_id=meetup.meetup_id,
        facts=facts,
        due_at=now,
        trace=event.trace,
    )
