"""What organisers are told: each new registration or a summary an hour, as they wish, and that their meetup is full. Nobody's name."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts.envelope import Event
from contracts.meetup import MeetupState
from contracts.organisation import NewRegistrationMail, OrganisationState
from contracts.registration import RegistrationState
from services.notifications.domain.copies import Copies, Standing
from services.notifications.domain.notices import Facts, Kind, Notice
from services.notifications.domain.owed import Digest, Tally


def tell_the_organisers(
    event: Event, state: RegistrationState, copies: Copies, standing: Standing, result: Digest, now: datetime
) -> None:
    """Tell them at the first event of a registration, not at its confirmation: organisers watch the room fill, and a hold takes a seat."""
    meetup = copies.meetup(state.meetup_id)
    if meetup is None:
        return
    facts = replace(
        _counts(standing), status=state.status, headcount=state.headcount, awaiting=state.awaiting_approval or None
    )
    for organisation_id in _organisers(meetup):
        wish = _wish(copies.organisations.get(organisation_id))
        if wish == "each":
            notice = _to_organisation(event, Kind.NEW_REGISTRATION, organisation_id, meetup, facts, now)
            result.notices.append(replace(notice, registration_id=state.registration_id))
        elif wish == "hourly":
            _add_to_summary(event, organisation_id, state, result, now)


def tell_that_it_is_full(event: Event, meetup: MeetupState, copies: Copies, result: Digest, now: datetime) -> None:
    """Tell that the last seat was taken."""
    facts = _counts(copies.standings.get(meetup.meetup_id, Standing()))
    for organisation_id in _organisers(meetup):
        result.notices.append(_to_organisation(event, Kind.MEETUP_FULL, organisation_id, meetup, facts, now))


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
