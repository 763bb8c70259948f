"""One mail: written, handed to the mail server, and noted. The span stands in the trace of the event that called for the mail."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from chassis import telemetry
from chassis.clock import Clock
from services.notifications.delivery.contacts import Contacts
from services.notifications.delivery.deliveries import Delivery
from services.notifications.delivery.gauges import DELAY, DOUBTFUL, REFUSED, SENT
from services.notifications.delivery.recorder import Record, Recorder
from services.notifications.delivery.smtp import Connection, Interrupted, Refused, ServerAway
from services.notifications.domain.copies import attends_online
from services.notifications.domain.notices import Kind
from services.notifications.domain.reminding import still_holds
from services.notifications.domain.retries import RetryPolicy
from services.notifications.mail.composer import Composer
from services.notifications.mail.letter import Contact, Letter, LinkLine, SummaryLine
from services.notifications.mail.mailbox import Mailbox, UnsendableAddress
from services.notifications.outbound import Lines, Verdict

ERASED = "recipient-erased"
NOTHING_TO_TELL = "nothing-to-tell"
OVERTAKEN = "overtaken"
UNKNOWN_MEETUP = "meetup-unknown"
UNSENDABLE_ADDRESS = "unsendable-address"

_FOR_CONFIRMED_SEATS = frozenset({Kind.REMINDER, Kind.JOIN_CHANGED})

_log = structlog.get_logger(__name__)
_tracer = telemetry.tracer("mail")


class TryLater(Exception):
    """A mail was not accepted for now; what stands behind it in its lane waits with it until `retry_at`."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__()
        self.retry_at = retry_at


@dataclass(frozen=True, slots=True)
class _Failure:
    reason: str
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class Mailer:
    """Sends mails over the connections it is lent."""

    composer: Composer
    recorder: Recorder
    retries: RetryPolicy
    clock: Clock
    luck: Callable[[], float] = random.random

    async def deliver(
        self, delivery: Delivery, connection: Connection, contacts: Contacts, lines: Lines, record: Record
    ) -> None:
        """Send one mail and note it. A mail given up is noted too, and the lane goes on. Raises TryLater or ServerAway."""
        contact = contacts.of(delivery)
        summary, links = (
            lines.summaries.get(delivery.id, ()),
            contacts.linked(delivery, lines.links.get(delivery.id, ())),
        )
        if contact is None:
            self._drop(delivery, ERASED, record)
        elif delivery.kind is Kind.NEW_REGISTRATIONS and not summary:
            self._drop(delivery, NOTHING_TO_TELL, record)
        elif delivery.meetup is None and not (summary or links):
            self._not_accepted(delivery, _Failure(UNKNOWN_MEETUP), record)
        elif self._is_overtaken(delivery):
            self._drop(delivery, OVERTAKEN, record)
        else:
            await self._send(delivery, connection, self._letter(delivery, contact, contacts, summary, links), record)

    def _is_overtaken(self, delivery: Delivery) -> bool:
        """Whether a mail has waited so long (for the mail server, say) that it no longer says what is true.

        Whoever gave a seat online back meanwhile is told no address for joining, and would read that there is none any more.
        """
        kind, meetup = delivery.kind, delivery.meetup
        if kind not in _FOR_CONFIRMED_SEATS or meetup is None:
            return False
        if delivery.status != "confirmed" or meetup.status != "published":
            return True
        if kind is Kind.REMINDER:
            return not still_holds(meetup, day=delivery.facts.day, now=self.clock.now())
        return not attends_online(delivery.mode, meetup)

    def _letter(
        self,
        delivery: Delivery,
        contact: Contact,
        contacts: Contacts,
        summary: tuple[SummaryLine, ...],
        links: tuple[LinkLine, ...],
    ) -> Letter:
        return Letter(
            delivery_id=delivery.id,
            kind=delivery.kind,
            facts=delivery.facts,
            contact=contact,
            written_at=self.clock.now(),
            registration_id=delivery.registration_id,
            reference=delivery.reference,
            meetup=delivery.meetup,
            reply_to=contacts.reply_to(delivery) if delivery.recipient_kind == "person" else "",
            lines=summary,
            links=links,
            mode=delivery.mode,
            timezone=delivery.timezone,
            named_by=delivery.named_by,
        )

    async def _send(self, delivery: Delivery, connection: Connection, letter: Letter, record: Record) -> None:
        with _tracer.start_as_current_span(
            "send mail",
            context=telemetry.context_of(delivery.trace),
            kind=SpanKind.CLIENT,
            attributes=self._attributes(delivery),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                failure = await self._try(connection, letter, record)
            except ServerAway as error:
                _mark(span, str(error))
                raise
            if failure is None:
                record.last = self.recorder.sent(delivery.id)
                SENT.add(1, {"kind": delivery.kind.value})
                DELAY.record((self.clock.now() - delivery.due_at).total_seconds())
            else:
                _mark(span, failure.reason)
                self._not_accepted(delivery, failure, record)

    async def _try(self, connection: Connection, letter: Letter, record: Record) -> _Failure | None:
        try:
            content = self.composer.compose(letter)
            recipient = Mailbox(letter.contact.email).wire
            await connection.send(
                sender=self.composer.sender.wire, recipient=recipient, content=content, cleared=record.stands
            )
        except ServerAway:
            raise
        except Refused as error:
            return _Failure(str(error), permanent=error.permanent)
        except Interrupted as error:
            DOUBTFUL.add(1)
            return _Failure(f"interrupted-{error}")
        except UnsendableAddress:
            return _Failure(UNSENDABLE_ADDRESS, permanent=True)
        except Exception as error:  # noqa: BLE001 - a mail that cannot be written must not hold up those of others
            _log.exception("mail cannot be written", kind=letter.kind.value)
            return _Failure(type(error).__name__)
        return None

    def _not_accepted(self, delivery: Delivery, failure: _Failure, record: Record) -> None:
        REFUSED.add(1, {"reason": failure.reason})
        attempts, now = delivery.attempts + 1, self.clock.now()
        given_up = failure.permanent or self.retries.is_over(attempts=attempts, due_at=delivery.due_at, now=now)
        status = "failed" if given_up else "waiting"
        record.last = self.recorder.not_sent(Verdict(delivery.id, status, failure.reason, tried=True))
        about = {"delivery": str(delivery.id), "kind": delivery.kind.value, "reason": failure.reason}
        if given_up:
            _log.error("mail given up", attempts=attempts, **about)
            return
        _log.warning("mail not accepted", attempts=attempts, **about)
        raise TryLater(now + self.retries.wait(attempts=attempts, luck=self.luck()))

    def _drop(self, delivery: Delivery, reason: str, record: Record) -> None:
        record.last = self.recorder.not_sent(Verdict(delivery.id, "dropped", reason, tried=False))

    def _attributes(self, delivery: Delivery) -> dict[str, str | int]:
        about = {telemetry.REFERENCE: delivery.reference} if delivery.reference else {}
        return {
            telemetry.MESSAGING_SYSTEM: "smtp",
            telemetry.MESSAGING_OPERATION_NAME: "send",
            telemetry.MESSAGING_OPERATION_TYPE: "send",
            telemetry.MESSAGING_MESSAGE_ID: self.composer.message_id(delivery.id),
            "rencontres.mail.kind": delivery.kind.value,
            "rencontres.mail.attempt": delivery.attempts + 1,
            **about,
        }


def _mark(span: Span, reason: str) -> None:
    span.set_attribute(telemetry.ERROR_TYPE, reason)
    span.set_status(Status(StatusCode.ERROR))
