"""Which event makes which mail. A batch of events is folded, in order of arrival, over the copies; out come notices and new copies.

An event older than the copy makes no mail: what it says was overtaken. What counts is the change between copy and event, so that
an event overtaken by a later one of its registration is not missed either: the later one carries the whole state.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from contracts.catalogue import MEETUP_FILLED
from contracts.envelope import Event
from contracts.meetup import MeetupState
from contracts.organisation import OrganisationState
from contracts.person import PersonErased, PersonLinksRequested
from contracts.registration import RegistrationState
from services.notifications.domain.attendees import (
    links,
    tell_of_the_move,
    tell_the_attendee,
    tell_where_to_join,
    without_overtaken_approvals,
)
from services.notifications.domain.copies import ACTIVE, Copies, MeetupCopy, RegistrationCopy, Standing
from services.notifications.domain.organisers import tell_that_it_is_full, tell_the_organisers
from services.notifications.domain.owed import Digest
from services.notifications.domain.sequences import joined_elsewhere, moved, newest_sequence

_ATTENDANCE = "attendance"


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
            case PersonLinksRequested() as request:
                result.notices.append(links(event, request, now))
            case PersonErased() as erasure:
                result.erased.add(erasure.person_id)
    result.notices = without_overtaken_approvals(result.notices)
    return result


def _organisation(state: OrganisationState, copies: Copies, result: Digest) -> None:
    known = copies.organisations.get(state.organisation_id)
    if known is None or state.version > known.version:
        copies.organisations[state.organisation_id] = state
        result.changed.add(state.organisation_id)


def _meetup(event: Event, state: MeetupState, copies: Copies, result: Digest, now: datetime) -> None:
    known = copies.meetups.get(state.meetup_id)
    if known is not None and state.version <= known.state.version:
        return
    copies.meetups[state.meetup_id] = MeetupCopy.of(state, known=known)
    result.changed.add(state.meetup_id)
    if known is not None and state.status == "published":
        if moved(known.state, state):
            tell_of_the_move(event, known.state, state, copies, result, now)
        elif joined_elsewhere(known.state, state):
            tell_where_to_join(event, state, copies, result, now)
    if event.type is MEETUP_FILLED:
        tell_that_it_is_full(event, state, copies, result, now)


def _registration(event: Event, state: RegistrationState, copies: Copies, result: Digest, now: datetime) -> None:
    known = copies.registrations.get(state.registration_id)
    if known is not None and state.version <= known.version:
        return
    heard = RegistrationCopy.of(state, known=known, calendar_sequence=known.calendar_sequence if known else None)
    copy = replace(heard, calendar_sequence=newest_sequence(known, heard, copies.meetup(state.meetup_id)))
    copies.registrations[state.registration_id] = copy
    result.changed.add(state.registration_id)
    standing = copies.standings.get(state.meetup_id, Standing()).moved(known, copy)
    copies.standings[state.meetup_id] = standing
    if event.type.aggregate != _ATTENDANCE:
        tell_the_attendee(event, state, copy, known, result, now)
    if state.status in ACTIVE and (known is None or known.status not in ACTIVE):
        tell_the_organisers(event, state, copies, standing, result, now)
