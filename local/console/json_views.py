"""How mails, traces and health look in JSON. Times are ISO 8601 in UTC and, for spans, also nanoseconds since the epoch."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from local.console import formats, mailbox, wording
from local.console.health import Health
from local.console.spans import Kind, details
from local.console.story import Chapter, Told
from local.console.trace_lines import TraceLine
from local.console.traces import TraceStore

if TYPE_CHECKING:  # who reads a trace from Jaeger has no mail sink
    from local.mail_sink import Mail, MailSink

Json = dict[str, object]


def mail(kept: "Mail") -> Json:
    """One line of the list."""
    return {
        "id": kept.id,
        "received_at": kept.received_at.isoformat(),
        "sender": kept.sender,
        "recipients": list(kept.recipients),
        "subject": kept.subject,
        "message_id": kept.message_id,
        "size": len(kept.raw),
    }


def letter(kept: "Mail") -> Json:
    """The whole mail."""
    read = mailbox.read(kept)
    return mail(kept) | {
        "text": read.text,
        "html": read.html,
        "calendar": read.calendar,
        "calendar_method": read.calendar_method,
        "headers": [{"name": name, "value": value} for name, value in read.headers],
        "source": read.source,
    }


def trace_line(line: TraceLine) -> Json:
    """A trace of the list."""
    return {
        "trace_id": line.trace_id,
        "name": line.words,
        "title": line.title,
        "service": line.service,
        "started_at": line.started_at.isoformat(),
        "duration_ms": line.duration / formats.MILLISECOND,
        "spans": line.spans,
        "references": line.references,
        "failed": line.failed,
    }


def chapter(one: Chapter) -> Json:
    """A chapter's heading; its spans are in the flat list."""
    opening = one.opening
    return {
        "trace_id": one.trace_id,
        "heading": wording.chapter(opening, details(opening).attributes),
        "started_at": formats.moment(opening.start).isoformat(),
        "spans": len(one.told),
    }


def story(reference: str, chapters: list[Chapter]) -> Json:
    """All that happened to one registration."""
    return {"reference": reference, "chapters": [chapter(one) for one in chapters], "spans": spans(chapters)}


def spans(chapters: list[Chapter]) -> list[Json]:
    """All spans once, by start. A span that serves two chapters is told in the later one, and listed as shared."""
    once = {
        (told.span.trace_id, told.span.span_id): (number, told)
        for number, one in enumerate(chapters)
        for told in one.told
    }
    return [_span(told, number) for number, told in sorted(once.values(), key=lambda one: one[1].span.start)]


def _span(told: Told, chapter_number: int) -> Json:
    span, known = told.span, details(told.span)
    return {
        "name": span.name,
        "words": wording.hop(span, known.attributes),
        "service": span.emitter.service,
        "process": span.emitter.process,
        "kind": Kind(span.kind).name.lower() if span.kind in Kind.__members__.values() else "unspecified",
        "start": formats.moment(span.start).isoformat(),
        "start_unix_nano": span.start,
        "duration_ms": span.duration / formats.MILLISECOND,
        "trace_id": span.trace_id,
        "span_id": span.span_id,
        "parent_span_id": span.parent_id or None,
        "links": [{"trace_id": link.trace_id, "span_id": link.span_id} for link in span.links],
        "attributes": known.attributes,
        "events": [{"name": h.name, "at_unix_nano": h.at, "attributes": h.attributes} for h in known.happenings],
        "failed": span.failed,
        "status_message": known.status_message,
        "shared": told.shared,
        "batch": told.batch,
        "below": {"trace_id": told.below.trace_id, "span_id": told.below.span_id},
        "chapter": chapter_number,
    }


def health(looked: Health) -> Json:
    """The overview; levels as words."""
    return {
        "level": looked.level.name.lower(),
        "headline": looked.headline,
        "processes": [asdict(p) | {"level": p.level.name.lower()} for p in looked.processes],
        "signals": [asdict(s) | {"level": s.level.name.lower()} for s in looked.gauges.signals],
        "consumers": [asdict(c) | {"level": c.level.name.lower()} for c in looked.gauges.consumers],
    }


def stats(sink: "MailSink", store: TraceStore) -> Json:
    """What has come in since the start."""
    return {
        "mails": {
            "received": sink.received,
            "refused": sink.refused,
            "kept": len(sink.mails),
            "distinct_message_ids": distinct_message_ids(sink),
            "duplicates": len(sink.duplicates()),
        },
        "spans": {
            "received": store.counts.received,
            "rejected": store.counts.rejected,
            "dropped": store.counts.dropped,
            "kept": store.span_count,
        },
        "traces": {"kept": len(store)},
    }


def distinct_message_ids(sink: "MailSink") -> int:
    """Received mails less the repetitions of a Message-ID."""
    return sink.received - sum(times - 1 for times in sink.duplicates().values())
