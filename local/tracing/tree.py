"""The story of a registration as a tree in the terminal: what followed what, who did it, when, for how long."""

from collections.abc import Iterator

from pydantic import BaseModel, JsonValue
from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from local.console import formats


class SpanId(BaseModel):
    """Hexadecimal, as in `traceparent`."""

    trace_id: str
    span_id: str


class Span(BaseModel):
    """A step, as the console's API tells it. `batch`: how many registrations it served, 0 when this one alone."""

    trace_id: str
    span_id: str
    words: str
    service: str
    process: str
    start_unix_nano: int
    duration_ms: float
    failed: bool
    batch: int
    below: SpanId
    chapter: int
    attributes: dict[str, JsonValue]


class Chapter(BaseModel):
    """One visit: the form, the confirmation, the check-in."""

    trace_id: str
    heading: str
    started_at: str


class Story(BaseModel):
    """What `/api/references/{reference}` of the console answers."""

    reference: str
    chapters: list[Chapter]
    spans: list[Span]


def show(story: Story, console: Console) -> None:
    """Print the chapters, earliest first."""
    for number, chapter in enumerate(story.chapters):
        console.print(_chapter(chapter, [span for span in story.spans if span.chapter == number]))
        console.print()


def _chapter(chapter: Chapter, spans: list[Span]) -> Tree:
    start = min((span.start_unix_nano for span in spans), default=0)
    date = formats.moment(start).strftime("%Y-%m-%d")
    tree = Tree(
        f"[bold]{escape(chapter.heading)}[/]  [dim]{date} {formats.clock(start)} UTC, trace {chapter.trace_id}[/]"
    )
    branches: dict[tuple[str, str], Tree] = {}
    for span in _parents_first(spans):
        branch = branches.get((span.below.trace_id, span.below.span_id), tree)
        branches[span.trace_id, span.span_id] = branch.add(_step(span, start))
    return tree


def _parents_first(spans: list[Span]) -> Iterator[Span]:
    """By start, but none before what it stands below: clocks of two machines differ."""
    waiting = sorted(spans, key=lambda span: span.start_unix_nano)
    known = {(span.trace_id, span.span_id) for span in spans}
    told: set[tuple[str, str]] = set()
    while waiting:
        ready = [
            span for span in waiting if (key := (span.below.trace_id, span.below.span_id)) in told or key not in known
        ]
        for span in ready or waiting[:1]:  # two that stand below each other would never be ready
            told.add((span.trace_id, span.span_id))
            waiting.remove(span)
            yield span


def _step(span: Span, start: int) -> str:
    took = formats.duration(round(span.duration_ms * formats.MILLISECOND))
    after = formats.duration(max(0, span.start_unix_nano - start))
    who = f"{span.service} {span.process}".strip()
    words = f"[red]{escape(span.words)} failed{_why(span)}[/]" if span.failed else escape(span.words)
    shared = f", with {span.batch - 1} others" if span.batch > 1 else ""
    return f"{words}  [cyan]{took}[/]  [dim]{escape(who)}, after {after}{shared}[/]"


def _why(span: Span) -> str:
    reason = span.attributes.get("error.type")
    return f": {escape(str(reason))}" if reason else ""
