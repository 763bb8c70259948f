"""Spans in plain words, from the attributes of the semantic conventions; a span nothing is known about keeps its name."""

import re

from local.console.spans import Attributes, AttributeValue, Kind, Span

_CHAPTERS = (
    (r"confirm", "Confirmation of the seat"),
    (r"check-?in|emargement|scan", "Check-in at the door"),
    (r"accept", "Offer accepted"),
    (r"cancel|annul", "Cancellation"),
    (r"decline", "Seat declined"),
    (r"approve$|refuse$", "Word of the organiser"),
    (r"hand-over|/ceder", "Seat handed over"),
    (r"/mode$", "Change between on site and online"),
    (r"/copie", "Copy of one's data"),
    (r"/accords|/opposition", "Withdrawal or objection"),
    (r"/effacer", "Erasure"),
    (r"/corriger|registrations/{reference}$", "Correction"),
    (r"mes-inscriptions|/links$", "Links asked for again"),
    (r"reschedule", "Change of date"),
    (r"publish|publi", "Meetup published"),
    (r"registrations$|inscription|/rencontres/", "Registration"),
    (r"meetups", "Change of a meetup"),
)
_STEPS = {
    "admit batch": "Admitted {together}",
    "expire": "Expiry of holds and offers",
}
"""Steps of ours that have a name and no attributes of a convention."""
_MESSAGING_VERBS = {
    "create": "Prepared",
    "send": "Sent",
    "publish": "Published",
    "receive": "Fetched",
    "process": "Handled",
    "settle": "Acknowledged",
    "ack": "Acknowledged",
}


def is_reading(attributes: Attributes) -> bool:
    """Whether a request only looked at something."""
    return _text(attributes, "http.request.method") in ("GET", "HEAD")


def chapter(span: Span, attributes: Attributes) -> str:
    """What a trace was, from its first span: "Registration", "Check-in at the door"."""
    route = _text(attributes, "http.route", "url.path")
    if not route:
        return hop(span, attributes)
    if is_reading(attributes):
        return f"Page viewed: {route}"
    return next((words for pattern, words in _CHAPTERS if re.search(pattern, route, re.IGNORECASE)), route)


def hop(span: Span, attributes: Attributes) -> str:
    """What happened in a span: "Published 37 events to rencontres.events", "Database: lock_meetups"."""
    for tell in (_http, _smtp, _messaging, _database):
        if words := tell(span, attributes):
            return words
    return _step(span, attributes)


def kind(span: Span) -> str:
    """The span's kind, in words."""
    words = {
        Kind.SERVER: "answers a request",
        Kind.CLIENT: "calls something outside",
        Kind.PRODUCER: "produces a message",
        Kind.CONSUMER: "consumes messages",
        Kind.INTERNAL: "works inside the process",
    }
    return words.get(Kind(span.kind) if 0 <= span.kind <= Kind.CONSUMER else Kind.UNSPECIFIED, "unspecified")


def service(span: Span) -> str:
    """Service and process, as one says it: "notifications sender"."""
    name, process = span.emitter.service, span.emitter.process
    return f"{name} {process}".strip()


def _step(span: Span, attributes: Attributes) -> str:
    count = attributes.get("messaging.batch.message_count", max(1, len(span.references)))
    together = "1 registration" if count == 1 else f"{count} registrations together"
    return _STEPS[span.name].format(together=together) if span.name in _STEPS else span.name


def _http(span: Span, attributes: Attributes) -> str:
    method = _text(attributes, "http.request.method", "http.method")
    if not method:
        return ""
    status = attributes.get("http.response.status_code", attributes.get("http.status_code"))
    if span.kind == Kind.SERVER:
        answered = f" answered {status}" if status is not None else ""
        return f"{method} {_text(attributes, 'http.route', 'url.path') or span.name}{answered}"
    got = f" got {status}" if status is not None else ""
    return f"Called {method} {_text(attributes, 'url.full', 'server.address', 'http.url')}{got}".strip()


def _smtp(span: Span, attributes: Attributes) -> str:
    protocol = _text(attributes, "network.protocol.name", "rpc.system", "messaging.system").lower()
    if protocol == "smtp" or span.name.lower().startswith("smtp"):
        server, subject = _text(attributes, "server.address"), _text(attributes, "rencontres.mail.kind")
        again = attributes.get("rencontres.mail.attempt", 1)
        mail = f"Mail “{re.sub('[-_]', ' ', subject)}”" if subject else "Mail"
        words = f"{mail} handed to the SMTP server {server}".strip()
        return words if again == 1 else f"{words}, attempt {again}"
    return ""


def _messaging(_span: Span, attributes: Attributes) -> str:
    operation = _text(attributes, "messaging.operation.name", "messaging.operation.type")
    destination = _text(
        attributes, "messaging.destination.template", "messaging.destination.name", "messaging.consumer.group.name"
    )
    if not operation or not _text(attributes, "messaging.system"):
        return ""
    count = attributes.get("messaging.batch.message_count", 1)
    if operation == "request":
        return f"Asked {destination}" if count == 1 else f"Asked {destination} for {count}"
    verb = _MESSAGING_VERBS.get(operation, operation.capitalize())
    preposition = "to" if operation in ("send", "publish", "create") else "from"
    what = "1 message" if count == 1 else f"{count} messages"
    consumer = _text(attributes, "messaging.consumer.group.name")
    by = f" as {consumer}" if consumer and consumer != destination else ""
    return f"{verb} {what} {preposition} {destination}{by}" if destination else f"{verb} {what}"


def _database(span: Span, attributes: Attributes) -> str:
    if not _text(attributes, "db.system.name", "db.system"):
        return ""
    query = _text(attributes, "db.query.summary", "db.operation.name") or span.name
    return f"Database: {query.replace('_', ' ')}"


def _text(attributes: Attributes, *keys: str) -> str:
    """The first of these attributes that is there."""
    return next((_plain(attributes[key]) for key in keys if attributes.get(key) not in (None, "")), "")


def _plain(value: AttributeValue) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
