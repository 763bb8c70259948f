"""Spans are told in plain words."""

import pytest

from local.console import wording
from local.console.spans import Attributes, Emitter, Kind, Span


def _span(name: str = "span", kind: Kind = Kind.INTERNAL) -> Span:
    return Span(
        trace_id="t", span_id="s", parent_id="", name=name, kind=kind, start=0, end=1, failed=False,
        emitter=Emitter("notifications", "sender"), links=(), reference="", references=(), wire=b"",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("method", "route", "words"),
    [
        ("POST", "/api/v1/meetups/{id}/registrations", "Registration"),
        ("POST", "/rencontres/{slug}", "Registration"),
        ("POST", "/api/v1/registrations/{reference}/confirm", "Confirmation of the seat"),
        ("POST", "/inscriptions/{reference}/annuler", "Cancellation"),
        ("POST", "/inscriptions/{reference}/ceder", "Seat handed over"),
        ("POST", "/inscriptions/{reference}/mode", "Change between on site and online"),
        ("POST", "/inscriptions/{reference}/donnees/copie", "Copy of one's data"),
        ("POST", "/inscriptions/{reference}/donnees/opposition", "Withdrawal or objection"),
        ("POST", "/inscriptions/{reference}/donnees/effacer", "Erasure"),
        ("POST", "/inscriptions/{reference}/corriger", "Correction"),
        ("PATCH", "/api/v1/registrations/{reference}", "Correction"),
        ("POST", "/mes-inscriptions", "Links asked for again"),
        ("POST", "/api/v1/registrations/{reference}/decline", "Seat declined"),
        ("POST", "/api/v1/meetups/{meetup_id}/registrations/{reference}/approve", "Word of the organiser"),
        ("POST", "/api/v1/meetups/{id}/check-ins", "Check-in at the door"),
        ("POST", "/api/v1/meetups/{id}/publish", "Meetup published"),
        ("PATCH", "/api/v1/meetups/{id}", "Change of a meetup"),
        ("GET", "/inscriptions/{reference}", "Page viewed: /inscriptions/{reference}"),
        ("POST", "/elsewhere", "/elsewhere"),
    ],
)
def test_a_chapter_says_what_it_was(method: str, route: str, words: str) -> None:
    assert wording.chapter(_span(), {"http.request.method": method, "http.route": route}) == words


@pytest.mark.parametrize(
    ("kind", "attributes", "words"),
    [
        (Kind.SERVER, {"http.request.method": "POST", "http.route": "/x", "http.response.status_code": 409}, "POST /x answered 409"),
        (Kind.CLIENT, {"http.request.method": "GET", "url.full": "http://a/", "http.response.status_code": 200}, "Called GET http://a/ got 200"),
        (Kind.CLIENT, {"db.system.name": "postgresql", "db.query.summary": "lock_meetups"}, "Database: lock meetups"),
        (Kind.CLIENT, {"network.protocol.name": "smtp", "server.address": "mail.example"}, "Mail handed to the SMTP server mail.example"),
        (Kind.CONSUMER, {"messaging.system": "nats", "messaging.operation.name": "process", "messaging.destination.name": "events",
                         "messaging.consumer.group.name": "mails"}, "Handled 1 message from events as mails"),
        (Kind.CLIENT, {"messaging.system": "smtp", "messaging.operation.name": "send", "rencontres.mail.kind": "seat_confirmed",
                       "rencontres.mail.attempt": 2}, "Mail “seat confirmed” handed to the SMTP server, attempt 2"),
        (Kind.CLIENT, {"messaging.system": "nats", "messaging.operation.name": "request", "messaging.batch.message_count": 3,
                       "messaging.destination.name": "rencontres.contacts.lookup"}, "Asked rencontres.contacts.lookup for 3"),
        (Kind.CONSUMER, {}, "span"),
    ],
)  # fmt: skip
def test_a_hop_says_what_happened(kind: Kind, attributes: Attributes, words: str) -> None:
    assert wording.hop(_span(kind=kind), attributes) == words


def test_a_service_is_named_with_its_process() -> None:
    assert wording.service(_span()) == "notifications sender"
