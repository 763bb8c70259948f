"""A trace in one line of a list."""

from dataclasses import dataclass
from datetime import datetime

from local.console import formats, wording
from local.console.spans import Kind, details
from local.console.traces import Trace

_SHOWN_REFERENCES = 2


@dataclass(frozen=True, slots=True)
class TraceLine:
    """What the list shows. `references` are the first few, `more` how many there are besides."""

    trace_id: str
    title: str
    words: str
    service: str
    started_at: datetime
    duration: int
    spans: int
    failed: bool
    references: list[str]
    more: int


def is_somebodys(trace: Trace) -> bool:
    """Whether it is a step of registrations itself (a request, a mail), not the work of a batch that served them."""
    return bool(trace.references) and any(root.reference or root.kind == Kind.SERVER for root in trace.roots())


def line(trace: Trace) -> TraceLine:
    """Sum a trace up by its first span."""
    spans = trace.roots() or list(trace.spans.values())
    first = spans[0]
    attributes = details(first).attributes
    references = list(trace.references)
    return TraceLine(
        trace_id=trace.trace_id,
        title=wording.chapter(first, attributes),
        words=wording.hop(first, attributes),
        service=wording.service(first),
        started_at=formats.moment(trace.start),
        duration=trace.end - trace.start,
        spans=len(trace.spans),
        failed=trace.failed,
        references=references[:_SHOWN_REFERENCES],
        more=max(0, len(references) - _SHOWN_REFERENCES),
    )
