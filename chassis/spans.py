"""Spans of a step that serves many messages at once: relay, consumers, group commit.

A small batch gets a span a message, in the message's own trace, so that the way of one registration reads as one trace. A large one
gets a single span with links, as the messaging conventions have it: at 20,000 events/s a span each would cost more than the work.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, use_span

from chassis.telemetry import ERROR_TYPE, MESSAGING_BATCH_COUNT, REFERENCE, REFERENCES, context_of, links_to

SMALL_BATCH = 16

AttributeValue = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Served:
    """One message of a batch: its creation context, the registration it is about if any, and what else its own span says."""

    trace: Mapping[str, str]
    reference: str | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)


@contextmanager
def batch_span(
    tracer: Tracer, name: str, *, kind: SpanKind, served: Sequence[Served], attributes: Mapping[str, AttributeValue]
) -> Iterator[Span]:
    """Span the work on a batch. What runs inside (queries, say) hangs below the first message's span or below the shared one."""
    shared = {**attributes, MESSAGING_BATCH_COUNT: len(served)} if len(served) != 1 else dict(attributes)
    if len(served) > SMALL_BATCH:
        spans = [_shared_span(tracer, name, kind, served, shared)]
    else:
        spans = [_own_span(tracer, name, kind, message, shared) for message in served]
        for follower in spans[1:]:
            follower.add_link(spans[0].get_span_context())
    try:
        with use_span(spans[0], record_exception=False, set_status_on_exception=False):
            yield spans[0]
    except BaseException as error:
        for span in spans:
            span.set_attribute(ERROR_TYPE, type(error).__name__)
            span.set_status(Status(StatusCode.ERROR))
        raise
    finally:
        for span in spans:
            span.end()


def _own_span(
    tracer: Tracer, name: str, kind: SpanKind, message: Served, attributes: Mapping[str, AttributeValue]
) -> Span:
    about = {REFERENCE: message.reference} if message.reference else {}
    return tracer.start_span(
        name, context=context_of(message.trace), kind=kind, attributes={**attributes, **message.attributes, **about}
    )


def _shared_span(
    tracer: Tracer, name: str, kind: SpanKind, served: Sequence[Served], attributes: Mapping[str, AttributeValue]
) -> Span:
    references = [message.reference for message in served if message.reference]
    return tracer.start_span(
        name,
        context=Context(),
        kind=kind,
        attributes={**attributes, REFERENCES: references},
        links=links_to(message.trace for message in served),
    )
