"""What happened here, as the events of the contracts. Opaque ids and facts only: nothing of this module ever sees a name."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from chassis.ids import uuid7
from contracts import catalogue
from contracts.catalogue import EventType
from contracts.envelope import Event
from contracts.meetup import MeetupState, Organiser, Venue
from contracts.organisation import OrganisationState
from contracts.person import PersonErased, PersonHeld, PersonLinksRequested, PersonReleased
from contracts.registration import RegistrationState, RegistrationStatus
from contracts.subjects import EVERYWHERE
from services.registration.domain.registrations import Registration
from services.registration.store.meetups import Sheet

SOURCE = "/rencontres/registration"

Trace = Mapping[str, str]

OF_STATUS: Mapping[RegistrationStatus, EventType] = MappingProxyType(
    {
        "held": catalogue.REGISTRATION_HELD,
        "waitlisted": catalogue.REGISTRATION_WAITLISTED,
        "offered": catalogue.REGISTRATION_OFFERED,
        "confirmed": catalogue.REGISTRATION_CONFIRMED,
        "cancelled": catalogue.REGISTRATION_CANCELLED,
        "expired": catalogue.REGISTRATION_EXPIRED,
    }
)


def registration_event(
    registration: Registration, *, trace: Trace, position: int | None = None, kind: EventType | None = None
) -> Event:
    """Tell the new state of a registration; the kind follows from its status unless it is about attendance."""
    return Event(
        id=uuid7(),
        type=kind or OF_STATUS[registration.status],
        source=SOURCE,
        aggregate_id=registration.id,
        territory=registration.territory,
        time=registration.changed_at,
        trace=trace,
        data=RegistrationState(
            registration_id=registration.id,
            version=registration.version,
            reference=registration.reference,
            meetup_id=registration.meetup_id,
            person_id=registration.person_id,
            territory=registration.territory,
            status=registration.status,
            headcount=registration.headcount,
            locale=registration.locale,
            waiting_position=position,
            expires_at=registration.expires_at,
            cancelled_by=registration.cancelled_by,
            attended=registration.attended,
            attended_at=registration.attended_at,
            registered_at=registration.registered_at,
            changed_at=registration.changed_at,
            mode=registration.mode if registration.hybrid else None,
            awaiting_approval=True if registration.approval == "pending" and registration.active else None,
            timezone=registration.timezone,
            sector=registration.sector,
            role=registration.role,
            needs=registration.needs,
            named_by=registration.named_by,
            calendar_changes=registration.calendar_changes or None,
        ),
    )


def meetup_event(kind: EventType, sheet: Sheet, *, trace: Trace) -> Event:
    """Tell the state of a meetup that is no draft."""
    meetup, seats, at = sheet.meetup, sheet.seats, sheet.meetup.occasion
    return Event(
        id=uuid7(),
        type=kind,
        source=SOURCE,
        aggregate_id=meetup.id,
        territory=meetup.territory,
        time=meetup.changed_at,
        trace=trace,
        data=MeetupState(
            meetup_id=meetup.id,
            version=meetup.version,
            slug=meetup.slug,
            title=meetup.programme.title,
            status="cancelled" if meetup.status == "cancelled" else "published",
            territory=meetup.territory,
            format=meetup.programme.format,
            attendance_mode=meetup.programme.attendance_mode,
            timezone=at.timezone,
            starts_local=at.starts_local,
            ends_local=at.ends_local,
            starts_at=at.starts_at,
            ends_at=at.ends_at,
            venue=Venue(name=at.venue_name, address=at.venue_address),
            capacity=seats.capacity,
            overbooking_percent=seats.overbooking_percent,
            seats_allowed=seats.allowed,
            calendar_sequence=meetup.calendar_sequence,
            organisers=tuple(Organiser(organisation_id=o.organisation_id, role=o.role) for o in meetup.organisers),
            demo=meetup.demo,
            changed_at=meetup.changed_at,
            audiences=meetup.programme.facets.audiences,
            level=meetup.programme.facets.level,
            sectors=meetup.programme.facets.sectors,
            needs=meetup.programme.facets.needs,
            online_capacity=sheet.online.capacity if sheet.online else None,
            visibility=meetup.programme.visibility,
        ),
    )


def organisation_event(state: OrganisationState, *, trace: Trace) -> Event:
    """Tell that an organisation was declared."""
    return Event(
        id=uuid7(),
        type=catalogue.ORGANISATION_DECLARED,
        source=SOURCE,
        aggregate_id=state.organisation_id,
        territory=EVERYWHERE,
        time=state.changed_at,
        trace=trace,
        data=state,
    )


def erasure_event(data: PersonErased, *, now: datetime, trace: Trace) -> Event:
    """Tell that somebody no longer exists."""
    return Event(
        id=uuid7(),
        type=catalogue.PERSON_ERASED,
        source=SOURCE,
        aggregate_id=data.person_id,
        territory=EVERYWHERE,
        time=now,
        trace=trace,
        data=data,
    )


def hold_event(data: PersonHeld | PersonReleased, *, now: datetime, trace: Trace) -> Event:
    """Tell that somebody is held for a legal claim, or no longer."""
    return Event(
        id=uuid7(),
        type=catalogue.PERSON_HELD if isinstance(data, PersonHeld) else catalogue.PERSON_RELEASED,
        source=SOURCE,
        aggregate_id=data.person_id,
        territory=EVERYWHERE,
        time=now,
        trace=trace,
        data=data,
    )


def links_event(data: PersonLinksRequested, *, trace: Trace) -> Event:
    """Tell that somebody's links are asked for."""
    return Event(
        id=uuid7(),
        type=catalogue.PERSON_LINKS_REQUESTED,
        source=SOURCE,
        aggregate_id=data.person_id,
        territory=EVERYWHERE,
        time=data.requested_at,
        trace=trace,
        data=data,
    )
