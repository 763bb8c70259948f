"""From a letter to the bytes handed to the mail server: words, calendar part if there is one, headers."""

from dataclasses import dataclass, field
from uuid import UUID

from contracts.calendar_entry import uid
from services.notifications.domain.notices import Kind
from services.notifications.mail.calendar import Method, invitation
from services.notifications.mail.letter import Letter
from services.notifications.mail.links import Links
from services.notifications.mail.mailbox import Mailbox
from services.notifications.mail.rendering import render
from services.notifications.mail.wire import CalendarPart, Envelope, write


@dataclass(frozen=True, slots=True)
class Composer:
    """Writes mails for one site. `sender` is the From of all and the ORGANIZER of every calendar entry, so it must not change."""

    sender: Mailbox
    host: str
    links: Links = field(repr=False)

    def compose(self, letter: Letter) -> bytes:
        """Return the mail. Raises UnsendableAddress."""
        envelope = Envelope(
            sender=self.sender,
            recipient=Mailbox(letter.contact.email, letter.contact.name),
            reply_to=Mailbox(letter.reply_to) if letter.reply_to else None,
            message_id=self.message_id(letter.delivery_id),
            date=letter.written_at,
            locale=letter.contact.locale,
        )
        words = render(letter, self.links)
        return write(envelope, words, delivery_id=letter.delivery_id, calendar=self._calendar(letter))

    def message_id(self, delivery_id: UUID) -> str:
        """The same for every try of a delivery, so that a mail accepted twice can be known for one."""
        return f"<{delivery_id}@{self.host}>"

    def _calendar(self, letter: Letter) -> CalendarPart | None:
        meetup, sequence = letter.meetup, letter.facts.sequence
        if meetup is None or sequence is None or letter.registration_id is None:
            return None
        method: Method = "CANCEL" if letter.kind is Kind.REGISTRATION_CANCELLED else "REQUEST"
        content = invitation(
            method=method,
            uid=uid(letter.registration_id, public_url=self.links.public_url),
            sequence=sequence,
            meetup=meetup,
            attendee=letter.contact,
            organiser=self.sender,
            reference=letter.reference,
            mode=letter.mode,
            page=self.links.meetup(meetup.slug, locale=letter.contact.locale),
            stamp=letter.written_at,
        )
        return CalendarPart(method, content)
