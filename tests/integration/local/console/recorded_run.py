"""A made-up run as the SDK would report it: several services, batches small and large, a failed mail, a check-in two days later.

Times are given, so nothing waits; the spans go out through the OTLP exporter like real ones.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode, set_span_in_context

from chassis.telemetry import PROCESS, REFERENCE, REFERENCES, SERVICE_PREFIX

MS = 1_000_000
SECOND = 1_000 * MS
DAY = 86_400 * SECOND

Attributes = Mapping[str, str | int | float | bool | Sequence[str]]


class Kept(SpanProcessor):
    """Keeps what has ended."""

    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def on_end(self, span: ReadableSpan) -> None:
        self.spans.append(span)


@dataclass
class RecordedRun:
    """Records spans at given times; `start` is nanoseconds since the epoch."""

    start: int
    kept: Kept = field(default_factory=Kept)
    _providers: dict[tuple[str, str], TracerProvider] = field(default_factory=dict)

    def span(
        self,
        process: str,
        name: str,
        at: float,
        lasting: float,
        *,
        below: Span | None = None,
        links: Sequence[Span] = (),
        kind: SpanKind = SpanKind.INTERNAL,
        error: str = "",
        attributes: Attributes | None = None,
    ) -> Span:
        """One span of a process ("registration relay"); times in milliseconds from the start."""
        service, _, part = process.partition(" ")
        begin = self.start + round(at * MS)
        span = (
            self._provider(service, part)
            .get_tracer("made-up")
            .start_span(
                name,
                context=set_span_in_context(below) if below else None,
                kind=kind,
                links=[Link(other.get_span_context()) for other in links],
                attributes=attributes,
                start_time=begin,
            )
        )
        if error:
            span.set_status(Status(StatusCode.ERROR))
            span.set_attribute("error.type", error)
            span.add_event("exception", {"exception.type": error}, timestamp=begin + round(lasting * MS))
        span.end(begin + round(lasting * MS))
        return span

    def query(self, process: str, name: str, at: float, lasting: float, *, below: Span) -> Span:
        """A named query."""
        about: Attributes = {"db.system.name": "postgresql", "db.query.summary": name}
        return self.span(process, name, at, lasting, below=below, kind=SpanKind.CLIENT, attributes=about)

    def export(self, endpoint: str, *, compressed: bool = True) -> None:
        """Send everything to a collector, by OTLP over HTTP; blocks."""
        compression = Compression.Gzip if compressed else Compression.NoCompression
        with ExitStack() as stack:
            exporter = OTLPSpanExporter(f"{endpoint}/v1/traces", compression=compression, timeout=10)
            stack.callback(exporter.shutdown)
            for first in range(0, len(self.kept.spans), 512):
                exporter.export(self.kept.spans[first : first + 512])
        self.kept.spans.clear()

    def _provider(self, service: str, part: str) -> TracerProvider:
        if (service, part) not in self._providers:
            resource = Resource({"service.name": f"{SERVICE_PREFIX}{service}", PROCESS: part})
            provider = TracerProvider(resource=resource, shutdown_on_exit=False)
            provider.add_span_processor(self.kept)
            self._providers[service, part] = provider
        return self._providers[service, part]


def record_registration(run: RecordedRun, reference: str, *, others: int = 36, at: float = 0) -> Span:
    """The form of one registration and everything it led to, in batches with `others`; returns the request's span."""
    form = _request(run, "POST /api/v1/meetups/{id}/registrations", reference, at, 11.4, 201)
    waiting = run.span("registration api", "wait for admission", at + 1.1, 9.2, below=form)
    crowd = [
        _request(run, "POST /api/v1/meetups/{id}/registrations", f"{reference}-{n}", at, 12, 201) for n in range(others)
    ]
    everybody = [reference, *(f"{reference}-{n}" for n in range(others))]
    admission = run.span(
        "registration api", "admit registrations", at + 3, 7, links=[form, *crowd],
        attributes={"messaging.batch.message_count": others + 1, REFERENCES: everybody},
    )  # fmt: skip
    for name, begin, lasting in (
        ("lock_meetups", 3.2, 0.6),
        ("add_people", 3.9, 1.1),
        ("load_candidates", 5.1, 0.9),
        ("write_admission", 6.3, 2.4),
    ):
        run.query("registration api", name, at + begin, lasting, below=admission)
    relay = _messaging(
        run,
        "registration relay",
        "send",
        "rencontres.events",
        at + 12.5,
        4.1,
        links=[form, *crowd],
        references=everybody,
    )
    run.query("registration relay", "settle_published", at + 15.4, 0.8, below=relay)
    worker = _messaging(
        run,
        "notifications worker",
        "process",
        "rencontres.events",
        at + 18.2,
        6.3,
        links=[form, *crowd],
        references=everybody,
    )
    run.query("notifications worker", "first_time", at + 18.6, 1.2, below=worker)
    run.query("notifications worker", "add_deliveries", at + 20.1, 2.7, below=worker)
    projector = _messaging(
        run,
        "analytics projector",
        "process",
        "rencontres.events",
        at + 19.4,
        9.8,
        links=[form, *crowd],
        references=everybody,
    )
    run.query("analytics projector", "project_registrations", at + 20.3, 7.9, below=projector)
    send_mail(run, reference, below=form, at=at + 31)
    assert waiting.get_span_context().is_valid
    return form


def send_mail(run: RecordedRun, reference: str, *, below: Span, at: float, error: str = "") -> Span:
    """One delivery: look-up of the contact, rendering, SMTP."""
    delivery = run.span(
        "notifications sender", "deliver mail", at, 26, below=below, error=error, attributes={REFERENCE: reference}
    )
    run.span(
        "notifications sender",
        "request rencontres.contacts.lookup",
        at + 0.5,
        3.1,
        below=delivery,
        kind=SpanKind.CLIENT,
    )
    run.span("notifications sender", "render mail", at + 3.9, 2.2, below=delivery)
    run.span(
        "notifications sender",
        "smtp send",
        at + 6.4,
        18.9,
        below=delivery,
        kind=SpanKind.CLIENT,
        error=error,
        attributes={"server.address": "127.0.0.1", "server.port": 2525},
    )
    return delivery


def record_confirmation(run: RecordedRun, reference: str, *, at: float) -> Span:
    """The confirm click; its mail is refused at first and sent four seconds later."""
    click = _request(run, "POST /inscriptions/{reference}/confirmer", reference, at, 8.1, 303)
    run.query("registration api", "confirm_registration", at + 1.2, 5.4, below=click)
    relay = _messaging(
        run, "registration relay", "send", "rencontres.events", at + 9.6, 2.9, below=click, reference=reference
    )
    run.query("registration relay", "settle_published", at + 11.4, 0.7, below=relay)
    worker = _messaging(
        run, "notifications worker", "process", "rencontres.events", at + 14.1, 4.4, below=click, reference=reference
    )
    run.query("notifications worker", "add_deliveries", at + 15.2, 2.1, below=worker)
    _messaging(
        run, "analytics projector", "process", "rencontres.events", at + 14.8, 3.6, below=click, reference=reference
    )
    send_mail(run, reference, below=click, at=at + 22, error="SMTPServerDisconnected")
    send_mail(run, reference, below=click, at=at + 4_210)
    return click


def record_small_batch(run: RecordedRun, reference: str, leader: str, *, at: float) -> Span:
    """Two cancellations handled in one small batch: the work hangs below the span of the first; returns the second's request."""
    first = _request(run, "POST /inscriptions/{reference}/annuler", leader, at, 6, 303)
    second = _request(run, "POST /inscriptions/{reference}/annuler", reference, at + 1, 6, 303)
    lead = _messaging(
        run, "notifications worker", "process", "rencontres.events", at + 12, 4, below=first, reference=leader, count=2
    )
    run.query("notifications worker", "add_deliveries", at + 13, 2, below=lead)
    _messaging(
        run,
        "notifications worker",
        "process",
        "rencontres.events",
        at + 12,
        4,
        below=second,
        links=[lead],
        reference=reference,
        count=2,
    )
    return second


def record_check_in(run: RecordedRun, references: list[str], *, at: float) -> Span:
    """One request that checks several people in."""
    route = "/api/v1/meetups/{id}/check-ins"
    about: Attributes = {
        REFERENCES: references,
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "http.route": route,
    }
    scan = run.span("registration api", f"POST {route}", at, 14, kind=SpanKind.SERVER, attributes=about)
    run.query("registration api", "check_in", at + 2, 9, below=scan)
    return scan


def record_page_view(run: RecordedRun, reference: str, *, at: float) -> Span:
    """Somebody looks at a registration."""
    view = _request(run, "GET /inscriptions/{reference}", reference, at, 4.2, 200)
    run.query("registration api", "read_registration", at + 0.8, 1.9, below=view)
    return view


def _request(run: RecordedRun, name: str, reference: str, at: float, lasting: float, status: int) -> Span:
    method, _, route = name.partition(" ")
    return run.span(
        "registration api", name, at, lasting, kind=SpanKind.SERVER,
        attributes={REFERENCE: reference, "http.request.method": method, "http.route": route, "http.response.status_code": status},
    )  # fmt: skip


def _messaging(
    run: RecordedRun,
    process: str,
    operation: str,
    destination: str,
    at: float,
    lasting: float,
    *,
    below: Span | None = None,
    links: Sequence[Span] = (),
    reference: str = "",
    references: Sequence[str] = (),
    count: int = 0,
) -> Span:
    count = count or len(links)
    about: Attributes = {
        "messaging.system": "nats",
        "messaging.operation.name": "publish" if operation == "send" else operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": destination,
        **({"messaging.batch.message_count": count} if count > 1 else {}),
        **({REFERENCES: references} if references else {REFERENCE: reference}),
    }
    kind = SpanKind.CLIENT if operation == "send" else SpanKind.CONSUMER
    return run.span(
        process, f"{operation} {destination}", at, lasting, below=below, links=links, kind=kind, attributes=about
    )
