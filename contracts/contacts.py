"""The one question that brings personal data out of its home: request-reply on `rencontres.contacts.lookup`.

Asked by the sender of mail at the moment of sending, a batch at a time; the answer is used and forgotten, never stored.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.fact import Fact, Locale


class AttendeeQuery(Fact):
    """Whom to write to about which registration."""

    person_id: UUID
    registration_id: UUID


class ContactQuery(Fact):
    """Up to 500 attendees and organisations."""

    attendees: Annotated[tuple[AttendeeQuery, ...], Field(max_length=500)] = ()
    organisations: Annotated[tuple[UUID, ...], Field(max_length=500)] = ()


class AttendeeContact(Fact):
    """Where one attendee is reached, with a fresh link token for that registration (only its hash is kept).

    `join_url` opens the meetup to whoever knows it: it goes to confirmed seats online alone, and stands in no event.
    """

    person_id: UUID
    registration_id: UUID
    email: str
    full_name: str
    locale: Locale
    manage_token: str
    join_url: str | None = None


class OrganisationContact(Fact):
    """Where one organisation is reached."""

    organisation_id: UUID
    email: str
    name: str
    locale: Locale


class ContactBook(Fact):
    """The answer. Whoever was asked for and is missing no longer exists: nothing is to be sent to them."""

    attendees: tuple[AttendeeContact, ...] = ()
    organisations: tuple[OrganisationContact, ...] = ()
