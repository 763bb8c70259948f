"""What happened here, as the events of the contracts. Opaque ids and facts only: nothing of this module ever sees a name."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from chassis.ids import uuid7
from contracts import catalogue
from contracts.catalogue import EventType
from contracts.envelope import Event
from contracts.fact import Fact
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

PersonFact: TypeAlias = PersonErased | PersonHeld | PersonReleased | PersonLinksRequested

OF_PERSON: Mapping[type[PersonFact], EventType] = MappingProxyType(
    {
        PersonErased: catalogue.PERSON_ERASED,
        PersonHeld: catalogue.PERSON_HELD,
        PersonReleased: catalogue.PERSON_RELEASED,
        PersonLinksRequested: catalogue.PERSON_LINKS_REQUESTED,
    }
)


def registration_event(
    registration: Registration, *, trace: Trace, position: int | None = None, kind: EventType | None = None
) -> Event:
    """Tell the new state of a registration; the kind follows from its status unless it is about attendance."""
    return _event(
        kind or OF_STATUS[registration.status],
        registration.id,
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
    return _event(
        kind,
        meetup.id,
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
            join_changes=meetup.join_changes or None,
        ),
    )


def organisation_event(state: OrganisationState, *, trace: Trace) -> Event:
    """Tell that an organisation was declared."""
    kind = catalogue.ORGANISATION_DECLARED
    return _event(kind, state.organisation_id, state, territory=EVERYWHERE, time=state.changed_at, trace=trace)


def person_event(data: PersonFact, *, now: datetime, trace: Trace) -> Event:
    """Tell that somebody no longer exists, is held for a legal claim or no longer, or is to be sent their links."""
    return _event(OF_PERSON[type(data)], data.person_id, data, territory=EVERYWHERE, time=now, trace=trace)


def _event(kind: EventType, aggregate_id: UUID, data: Fact, *, territory: str, time: datetime, trace: Trace) -> Event:
    return Event(
        id=uuid7(),
        type=kind,
        source=SOURCE,
        aggregate_id=aggregate_id,
        territory=territory,
        time=time,
        trace=trace,
        data=data,
    )
