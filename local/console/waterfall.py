"""Chapters drawn as bars: what follows what, in which stretch of time, how far from the left and how wide.

After a silence a new stretch with its own scale begins; else a reminder two days later would press everything before it into one pixel.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from local.console import formats
from local.console.spans import Details, SpanKey, details
from local.console.story import Chapter, Told
from local.console.wording import hop

SILENCE = 2 * formats.SECOND
WIDTH = 1_000
"""Units of the drawing across the whole stretch."""
ROWS = 600
"""Drawn at most in one chapter: a page of more than that is read by nobody. The JSON has all."""
_DEEPEST = 9
_NARROWEST = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One bar with its words. `repeats`: drawn below a span of the same process and batch, which need not be said again."""

    told: Told
    repeats: bool
    details: Details
    words: str
    depth: int
    x: float
    width: float
    offset: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows without a silence between them. `silence` is how long the one before it lasted, in nanoseconds, 0 for the first."""

    silence: int
    start: int
    length: int
    rows: list[Row]


def draw(chapter: Chapter) -> list[Stretch]:
    """The stretches of a chapter, earliest first."""
    stretches: list[Stretch] = []
    end = chapter.told[0].span.start
    for group in _stretches(chapter.told[:ROWS]):
        start = group[0].span.start
        stretches.append(_stretch(group, silence=start - end if stretches else 0))
        end = max(end, *(told.span.end for told in group))
    return stretches


def _stretches(told: Sequence[Told]) -> Iterator[list[Told]]:
    group: list[Told] = []
    end = 0
    for one in told:
        if group and one.span.start > end + SILENCE:
            yield group
            group = []
        group.append(one)
        end = max(end, one.span.end)
    if group:
        yield group


def _stretch(group: list[Told], *, silence: int) -> Stretch:
    start = group[0].span.start
    length = max(1, max(told.span.end for told in group) - start)
    rows = [_row(told, above=above, depth=depth, start=start, length=length) for told, above, depth in _as_tree(group)]
    return Stretch(silence, start, length, rows)


def _row(told: Told, *, above: Told | None, depth: int, start: int, length: int) -> Row:
    span, known = told.span, details(told.span)
    width = max(_NARROWEST, span.duration / length * WIDTH)
    x = min((span.start - start) / length * WIDTH, WIDTH - width)
    return Row(
        told=told,
        repeats=above is not None and (above.span.emitter, above.batch) == (told.span.emitter, told.batch),
        details=known,
        words=hop(span, known.attributes),
        depth=min(depth, _DEEPEST),
        x=round(x, 1),
        width=round(width, 1),
        offset=formats.duration(span.start - start),
    )


def _as_tree(group: list[Told]) -> Iterator[tuple[Told, Told | None, int]]:
    """Each with its parent and depth, parents before children, children by start. A span whose parent is not in the group stands at the left."""
    present = {SpanKey(told.span.trace_id, told.span.span_id) for told in group}
    children: dict[SpanKey, list[Told]] = {}
    tops: list[Told] = []
    for told in group:
        if told.below in present and told.below.span_id != told.span.span_id:
            children.setdefault(told.below, []).append(told)
        else:
            tops.append(told)
    pending: list[tuple[Told, Told | None, int]] = [(told, None, 0) for told in reversed(tops)]
    while pending:
        told, above, depth = pending.pop()
        yield told, above, depth
        below = children.get(SpanKey(told.span.trace_id, told.span.span_id), ())
        pending += [(child, told, depth + 1) for child in reversed(below)]
