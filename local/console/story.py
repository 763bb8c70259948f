"""The story of one registration (or of one trace): its own traces as chapters, each with the shared work that served it.

Relay, consumers and sender work in batches (see `chassis.spans`). A large batch is a trace of its own that links to what it served: it is
brought into every chapter it links to, marked as shared, without what it did for others. In a small batch each message has its
span, and the first one's holds the work: the others link to it, and get that work hung below them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from local.console.spans import Span, SpanKey, details
from local.console.traces import Trace, TraceStore

About = Mapping[str, None]
"""The registrations a story is about: one, or those of a trace, or none."""

_BATCH_SIZE = "messaging.batch.message_count"


@dataclass(frozen=True, slots=True)
class Told:
    """A span in a chapter. `batch` is how many its batch served, 0 for the chapter's own spans; `below` is what to draw it under."""

    span: Span
    batch: int
    below: SpanKey

    @property
    def shared(self) -> bool:
        """Whether the span belongs to another trace, which served this one among others."""
        return self.batch > 0


@dataclass(frozen=True, slots=True)
class Chapter:
    """One trace and what served it, by start time."""

    trace_id: str
    opening: Span
    told: list[Told]


def of_reference(store: TraceStore, reference: str) -> list[Chapter]:
    """Every trace of a registration, earliest first: the form, the confirm click, the check-in."""
    named = {trace.trace_id: trace for trace in store.naming(reference)}
    openings = [trace for trace in named.values() if _opens(trace, reference, named)]
    chapters = [_of_named(store, trace, reference, named) for trace in openings]
    told = _trace_ids(chapters)
    chapters += [_of_named(store, trace, reference, named) for trace in named.values() if trace.trace_id not in told]
    return sorted(chapters, key=lambda chapter: chapter.told[0].span.start)


def of_trace(store: TraceStore, trace_id: str) -> Chapter | None:
    """One whole trace, and the batches that link to it."""
    trace = store.get(trace_id)
    return _chapter(store, trace, list(trace.spans.values()), named={}, about=trace.references) if trace else None


def _of_named(store: TraceStore, trace: Trace, reference: str, named: dict[str, Trace]) -> Chapter:
    about = {reference: None}
    return _chapter(store, trace, _own_part(trace, about), named=named, about=about)


def _opens(trace: Trace, reference: str, named: dict[str, Trace]) -> bool:
    """Whether the trace is a chapter: about this registration, at its top or alone, and not caused by another trace of its story.

    What only appears deep in the request of somebody else (the first of a small batch) is told where it is linked from.
    """
    roots = trace.roots()
    about = any(span.reference == reference for span in trace.spans.values())
    if not about and not any(reference in root.references for root in roots):
        return False
    return not all(
        any(link.trace_id in named and link.trace_id != trace.trace_id for link in root.links) for root in roots
    )


def _trace_ids(chapters: list[Chapter]) -> set[str]:
    """Traces that were told, or that what was told links to."""
    spans = [told.span for chapter in chapters for told in chapter.told]
    return {span.trace_id for span in spans} | {link.trace_id for span in spans for link in span.links}


def _own_part(trace: Trace, about: About) -> list[Span]:
    """The whole trace, or, when it worked for several registrations, what names this one, above and below."""
    if trace.references.keys() <= about.keys():
        return list(trace.spans.values())
    starts = [span for span in trace.spans.values() if _names(span, about)]
    return _family(trace, starts, about=about, served=set())


def _chapter(store: TraceStore, trace: Trace, own: list[Span], *, named: dict[str, Trace], about: About) -> Chapter:
    told = {_key(span): _told(span, 0) for span in own}
    served = set(told)
    pending = [trace.trace_id]
    done = {trace.trace_id}
    while pending:
        for other_id, starts in _linking(store, pending.pop(), served, about).items():
            other = store.get(other_id)
            if other is None or other_id in done:
                continue
            if other_id in named:  # it says itself whom it served, so what links to it served the same
                starts += [span for span in other.spans.values() if _names(span, about)]
                pending.append(other_id)
            done.add(other_id)
            batch = max(_batch_size(span) for span in starts)
            family = _family(other, starts, about=about, served=served)
            told |= _hung(family, starts, batch=batch, served=served)
            served |= {_key(span) for span in family} if other_id in named else set()
    for span in own:
        told |= {_key(one.span): one for one in _done_together(store, span, about) if _key(one.span) not in told}
    opening = next((root for root in trace.roots() if _key(root) in told), own[0])
    return Chapter(trace.trace_id, opening, sorted(told.values(), key=lambda one: one.span.start))


def _hung(family: list[Span], starts: list[Span], *, batch: int, served: set[SpanKey]) -> dict[SpanKey, Told]:
    """The spans of another trace, its tops below the span they link to: so they stand in line with what that span caused itself."""
    members = {_key(span) for span in family}
    cause = next((link for span in starts for link in span.links if link in served), None)
    told: dict[SpanKey, Told] = {}
    for span in family:
        parent = SpanKey(span.trace_id, span.parent_id)
        told[_key(span)] = Told(span, batch, parent if parent in members or cause is None else cause)
    return told


def _linking(store: TraceStore, trace_id: str, served: set[SpanKey], about: About) -> dict[str, list[Span]]:
    """Spans elsewhere that link to served ones and do not say they worked for others, by the trace they live in."""
    found: dict[str, list[Span]] = {}
    for span in store.linking(trace_id):
        causes = [link for link in span.links if link in served and not _same_step(store, span, link)]
        if causes and not _for_others(span, about, served):
            found.setdefault(span.trace_id, []).append(span)
    return found


def _done_together(store: TraceStore, span: Span, about: About) -> Iterator[Told]:
    """The work of a small batch: below the span of the same step that stands for the batch's first message."""
    for link in span.links:
        other = store.get(link.trace_id)
        if other is None or not _same_step(store, span, link):
            continue
        batch = max(2, _batch_size(span))
        for one in _descendants(_children(other), other.spans[link.span_id], about=about, served=set()):
            below = _key(span) if one.parent_id == link.span_id else SpanKey(one.trace_id, one.parent_id)
            yield Told(one, batch, below)


def _same_step(store: TraceStore, span: Span, link: SpanKey) -> bool:
    """Whether a link says "done together with" instead of "caused by": it leads to the same step of the same process."""
    other = store.get(link.trace_id)
    first = other.spans.get(link.span_id) if other else None
    return first is not None and (first.name, first.emitter) == (span.name, span.emitter)


def _family(trace: Trace, starts: list[Span], *, about: About, served: set[SpanKey]) -> list[Span]:
    """The given spans, their ancestors, and their descendants except those that worked for somebody else."""
    family: dict[str, Span] = {}
    children = _children(trace)
    for start in starts:
        below = _descendants(children, start, about=about, served=served)
        family |= {span.span_id: span for span in (start, *below, *_ancestors(trace, start))}
    return list(family.values())


def _descendants(children: dict[str, list[Span]], start: Span, *, about: About, served: set[SpanKey]) -> Iterator[Span]:
    seen = {start.span_id}
    pending = [start]
    while pending:
        for child in children.get(pending.pop().span_id, ()):
            if child.span_id not in seen and not _for_others(child, about, served):
                seen.add(child.span_id)
                pending.append(child)
                yield child


def _ancestors(trace: Trace, span: Span) -> Iterator[Span]:
    seen = {span.span_id}
    while (parent := trace.spans.get(span.parent_id)) is not None and parent.span_id not in seen:
        seen.add(parent.span_id)
        yield parent
        span = parent


def _children(trace: Trace) -> dict[str, list[Span]]:
    children: dict[str, list[Span]] = {}
    for span in trace.spans.values():
        children.setdefault(span.parent_id, []).append(span)
    return children


def _names(span: Span, about: About) -> bool:
    return span.reference in about or any(reference in about for reference in span.references)


def _for_others(span: Span, about: About, served: set[SpanKey]) -> bool:
    if span.reference or span.references:
        return bool(about) and not _names(span, about)
    return bool(span.links) and served.isdisjoint(span.links)


def _batch_size(span: Span) -> int:
    """What the span says it served, or what it links to, whichever is more: links are capped at 128 by default."""
    size = details(span).attributes.get(_BATCH_SIZE, 0)
    return max(1, len(set(span.links)), len(span.references), size if isinstance(size, int) else 0)


def _told(span: Span, batch: int) -> Told:
    return Told(span, batch, SpanKey(span.trace_id, span.parent_id))


def _key(span: Span) -> SpanKey:
    return SpanKey(span.trace_id, span.span_id)
