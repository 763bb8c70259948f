"""The one place where a recipient's name and address are known: asked of the registration service at the moment of sending, never kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import nats.errors
from nats.aio.client import Client
from opentelemetry.trace import SpanKind
from pydantic import ValidationError

from chassis import telemetry
from chassis.spans import Served, batch_span
from contracts.contacts import AttendeeQuery, ContactBook, ContactQuery
from services.notifications.delivery.deliveries import Delivery
from services.notifications.mail.letter import Contact, LinkLine

TIMEOUT = 5.0
_AT_ONCE = 500

_tracer = telemetry.tracer("contacts")


class RegistrationAway(Exception):
    """The registration service did not answer, or not in words we know. Mail waits."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Answers for one batch. `repr` shows nothing."""

    people: dict[tuple[UUID, UUID], Contact] = field(repr=False)
    organisations: dict[UUID, Contact] = field(repr=False)

    def of(self, delivery: Delivery) -> Contact | None:
        """The recipient of a delivery, in the language of what it is about; None when nobody is behind the id any more."""
        if delivery.recipient_kind == "organisation":
            return self.organisations.get(delivery.recipient_id)
        found = [self.people[key] for key in _attendees(delivery) if key in self.people]
        locale = delivery.locale or delivery.facts.locale
        return replace(found[0], locale=locale or found[0].locale) if found else None

    def linked(self, delivery: Delivery, lines: Iterable[LinkLine]) -> tuple[LinkLine, ...]:
        """The lines of a mail of links with the token of each; those whose registration is no longer theirs are left out."""
        of_registration = {
            registration: self.people.get((person, registration)) for person, registration in _attendees(delivery)
        }
        found = [(line, of_registration.get(line.registration_id)) for line in lines]
        return tuple(replace(line, token=contact.token) for line, contact in found if contact is not None)

    def reply_to(self, delivery: Delivery) -> str:
        """Where an attendee's answer goes: to the organisation that leads the meetup."""
        lead = _lead(delivery)
        contact = self.organisations.get(lead) if lead else None
        return contact.email if contact else ""


class ContactsClient:
    """Asks for contacts, a batch at a time."""

    def __init__(self, broker: Client, subject: str, *, timeout: float = TIMEOUT) -> None:
        self._broker, self._subject, self._timeout = broker, subject, timeout

    async def of(self, deliveries: Sequence[Delivery]) -> Contacts:
        """Return the contacts of these deliveries. Raises RegistrationAway."""
        if not deliveries:
            return Contacts({}, {})
        served = [Served(d.trace, d.reference or None) for d in deliveries]
        attributes = {
            telemetry.MESSAGING_SYSTEM: "nats",
            telemetry.MESSAGING_OPERATION_NAME: "request",
            telemetry.MESSAGING_OPERATION_TYPE: "send",
            telemetry.MESSAGING_DESTINATION_NAME: self._subject,
        }
        found = Contacts({}, {})
        with batch_span(
            _tracer, f"request {self._subject}", kind=SpanKind.CLIENT, served=served, attributes=attributes
        ):
            for query in _queries(deliveries):
                _note(await self._ask(query), found)
        return found

    async def _ask(self, query: ContactQuery) -> ContactBook:
        try:
            reply = await self._broker.request(
                self._subject,
                query.model_dump_json().encode(),
                timeout=self._timeout,
                headers=telemetry.current_trace() or None,
            )
            return ContactBook.model_validate_json(reply.data, extra="ignore")
        except (nats.errors.Error, TimeoutError, OSError) as error:
            raise RegistrationAway(type(error).__name__) from None
        except ValidationError:
            # Its message would quote names and addresses.
            raise RegistrationAway("unreadable answer") from None


def _queries(deliveries: Iterable[Delivery]) -> Iterable[ContactQuery]:
    people = dict.fromkeys(key for delivery in deliveries for key in _attendees(delivery))
    wanted = [d.recipient_id if d.recipient_kind == "organisation" else _lead(d) for d in deliveries]
    organisations = list(dict.fromkeys(o for o in wanted if o is not None))
    attendees = [AttendeeQuery(person_id=p, registration_id=r) for p, r in people]
    for start in range(0, max(len(attendees), len(organisations), 1), _AT_ONCE):
        end = start + _AT_ONCE
        yield ContactQuery(attendees=tuple(attendees[start:end]), organisations=tuple(organisations[start:end]))


def _attendees(delivery: Delivery) -> list[tuple[UUID, UUID]]:
    """Whom to ask for: a person with each registration the mail is about."""
    if delivery.recipient_kind != "person":
        return []
    about = delivery.facts.registration_ids or (() if delivery.registration_id is None else (delivery.registration_id,))
    return [(delivery.recipient_id, registration_id) for registration_id in about]


def _note(book: ContactBook, found: Contacts) -> None:
    for a in book.attendees:
        found.people[a.person_id, a.registration_id] = Contact(
            a.email, a.full_name, a.locale, a.manage_token, a.join_url or ""
        )
    for o in book.organisations:
        found.organisations[o.organisation_id] = Contact(o.email, o.name, o.locale)


def _lead(delivery: Delivery) -> UUID | None:
    if delivery.meetup is None:
        return None
    return next((o.organisation_id for o in delivery.meetup.organisers if o.role == "lead"), None)
