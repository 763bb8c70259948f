"""The traces of the last while, in memory and bounded: the least recently touched go first, and what went is counted.

Two indexes make a registration's story findable: by reference, and from a trace to the spans elsewhere that link to it
(a batch span lives in a trace of its own and links to those it served).
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from local.console.spans import Span, SpanKey

_Member = TypeVar("_Member", str, SpanKey)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the store may hold. Bytes are those of the spans on the wire; with its indexes a span takes about four times as many."""

    traces: int = 20_000
    spans: int = 300_000
    spans_of_one_trace: int = 5_000
    wire_bytes: int = 64 * 1024 * 1024


@dataclass(slots=True)
class Counts:
    """Since the console started. Dropped: evicted to make room, or refused because one trace had too many."""

    received: int = 0
    dropped: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Trace:
    """Spans by id, so that a batch that was sent twice changes nothing."""

    trace_id: str
    spans: dict[str, Span] = field(default_factory=dict)
    references: dict[str, None] = field(default_factory=dict)
    failed: bool = False
    start: int = 0
    end: int = 0
    wire_bytes: int = 0

    def roots(self) -> list[Span]:
        """Spans whose parent is not here, earliest first."""
        roots = [s for s in self.spans.values() if s.parent_id not in self.spans or s.parent_id == s.span_id]
        return sorted(roots, key=lambda s: s.start)


class TraceStore:
    """Adding a span costs the same however many there are."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self.counts = Counts()
        self.span_count = 0
        self._wire_bytes = 0
        self._traces: OrderedDict[str, Trace] = OrderedDict()
        self._by_reference: dict[str, dict[str, None]] = {}
        self._linking: dict[str, dict[SpanKey, None]] = {}

    def __len__(self) -> int:
        return len(self._traces)

    def add(self, spans: Iterable[Span]) -> None:
        """Take finished spans, in any order, even twice."""
        for span in spans:
            self._add(span)
        self._make_room()

    def get(self, trace_id: str) -> Trace | None:
        """The trace, as far as it has arrived."""
        return self._traces.get(trace_id)

    def recent(self) -> Iterator[Trace]:
        """Last touched first."""
        return reversed(self._traces.values())

    def naming(self, reference: str) -> list[Trace]:
        """Traces with a span that names this registration, earliest first."""
        found = [self._traces[trace_id] for trace_id in self._by_reference.get(reference, ())]
        return sorted(found, key=lambda trace: trace.start)

    def linking(self, trace_id: str) -> list[Span]:
        """Spans of other traces that link into this one."""
        return [self._traces[key.trace_id].spans[key.span_id] for key in self._linking.get(trace_id, ())]

    def _add(self, span: Span) -> None:
        self.counts.received += 1
        trace = self._traces.get(span.trace_id)
        if trace is None:
            trace = self._traces[span.trace_id] = Trace(span.trace_id, start=span.start)
        elif span.span_id in trace.spans:
            return
        elif len(trace.spans) >= self.bounds.spans_of_one_trace:
            self.counts.dropped += 1
            return
        else:
            self._traces.move_to_end(span.trace_id)
        self._put(trace, span)
        self._index(trace, span)

    def _put(self, trace: Trace, span: Span) -> None:
        span.trace_id = trace.trace_id  # one string object for all spans of a trace
        trace.spans[span.span_id] = span
        trace.failed = trace.failed or span.failed
        trace.start = min(trace.start, span.start)
        trace.end = max(trace.end, span.end)
        trace.wire_bytes += len(span.wire)
        self.span_count += 1
        self._wire_bytes += len(span.wire)

    def _index(self, trace: Trace, span: Span) -> None:
        for reference in (span.reference, *span.references):
            if reference:
                trace.references[reference] = None
                self._by_reference.setdefault(reference, {})[trace.trace_id] = None
        for link in span.links:
            if link.trace_id != trace.trace_id:
                self._linking.setdefault(link.trace_id, {})[SpanKey(trace.trace_id, span.span_id)] = None

    def _make_room(self) -> None:
        while self._traces and (
            len(self._traces) > self.bounds.traces
            or self.span_count > self.bounds.spans
            or self._wire_bytes > self.bounds.wire_bytes
        ):
            _, oldest = self._traces.popitem(last=False)
            self._forget(oldest)

    def _forget(self, trace: Trace) -> None:
        self.counts.dropped += len(trace.spans)
        self.span_count -= len(trace.spans)
        self._wire_bytes -= trace.wire_bytes
        for reference in trace.references:
            _discard(self._by_reference, reference, trace.trace_id)
        for span in trace.spans.values():
            for link in span.links:
                _discard(self._linking, link.trace_id, SpanKey(trace.trace_id, span.span_id))


def _discard(index: dict[str, dict[_Member, None]], key: str, value: _Member) -> None:
    members = index.get(key)
    if members is not None:
        members.pop(value, None)
        if not members:
            del index[key]
