"""Every event type there is, each with its model. The names are stable: see DESIGN on majors and upcasters."""

from dataclasses import dataclass

from contracts.fact import Fact
from contracts.meetup import MeetupState
from contracts.organisation import OrganisationState
from contracts.person import PersonErased, PersonHeld, PersonLinksRequested, PersonReleased
from contracts.registration import RegistrationState

NAMESPACE = "fr.rencontres"


@dataclass(frozen=True, slots=True)
class EventType:
    """One fact of one aggregate, in its current major."""

    aggregate: str
    fact: str
    data: type[Fact]
    meaning: str
    major: int = 1

    @property
    def name(self) -> str:
        """The CloudEvents `type`, such as `fr.rencontres.registration.held.v1`."""
        return f"{self.family}.v{self.major}"

    @property
    def family(self) -> str:
        """The type without its major."""
        return f"{NAMESPACE}.{self.aggregate}.{self.fact}"


ORGANISATION_DECLARED = EventType(
    "organisation", "declared", OrganisationState, "An organisation was added or changed."
)

MEETUP_PUBLISHED = EventType("meetup", "published", MeetupState, "A meetup is open to the public.")
MEETUP_UPDATED = EventType(
    "meetup", "updated", MeetupState, "Something of a meetup changed, but neither time nor place."
)
MEETUP_RESCHEDULED = EventType("meetup", "rescheduled", MeetupState, "A meetup has a new time or place.")
MEETUP_FILLED = EventType(
    "meetup",
    "filled",
    MeetupState,
    "The last allowed seat was taken for the first time, of a hybrid meetup in its last room.",
)
MEETUP_CANCELLED = EventType("meetup", "cancelled", MeetupState, "A meetup will not take place.")

REGISTRATION_HELD = EventType(
    "registration", "held", RegistrationState, "A seat is held until its e-mail address is confirmed."
)
REGISTRATION_WAITLISTED = EventType(
    "registration", "waitlisted", RegistrationState, "No seat was free; a place on the waiting list was given."
)
REGISTRATION_OFFERED = EventType(
    "registration", "offered", RegistrationState, "A released seat is offered to the first in line."
)
REGISTRATION_CONFIRMED = EventType(
    "registration", "confirmed", RegistrationState, "The seat is theirs: address confirmed or offer accepted."
)
REGISTRATION_CANCELLED = EventType(
    "registration",
    "cancelled",
    RegistrationState,
    "Given back by the attendee, or cancelled with its meetup or person.",
)
REGISTRATION_EXPIRED = EventType("registration", "expired", RegistrationState, "A hold or an offer ran out of time.")

ATTENDANCE_CHECKED_IN = EventType("attendance", "checked_in", RegistrationState, "The attendee came through the door.")
ATTENDANCE_UNDONE = EventType("attendance", "undone", RegistrationState, "A check-in was taken back.")

PERSON_ERASED = EventType("person", "erased", PersonErased, "A person's data was deleted for good.")
PERSON_HELD = EventType("person", "held", PersonHeld, "A legal claim keeps a person's data from being deleted.")
PERSON_RELEASED = EventType(
    "person", "released", PersonReleased, "The claim is over; a person's data goes at its term."
)
PERSON_LINKS_REQUESTED = EventType(
    "person", "links_requested", PersonLinksRequested, "A person asked for the links to their registrations."
)

EVENT_TYPES = (
    ORGANISATION_DECLARED,
    MEETUP_PUBLISHED,
    MEETUP_UPDATED,
    MEETUP_RESCHEDULED,
    MEETUP_FILLED,
    MEETUP_CANCELLED,
    REGISTRATION_HELD,
    REGISTRATION_WAITLISTED,
    REGISTRATION_OFFERED,
    REGISTRATION_CONFIRMED,
    REGISTRATION_CANCELLED,
    REGISTRATION_EXPIRED,
    ATTENDANCE_CHECKED_IN,
    ATTENDANCE_UNDONE,
    PERSON_ERASED,
    PERSON_HELD,
    PERSON_RELEASED,
    PERSON_LINKS_REQUESTED,
)

BY_FAMILY = {event_type.family: event_type for event_type in EVENT_TYPES}
