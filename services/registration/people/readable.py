"""What of an export is written out for people, in words: in which order, under which headings, what as a line each.

How the services work (links, events, copies) is left out here: the document names those kinds and the JSON has them whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pydantic import JsonValue

from services.registration.people.exporting import Export
from services.registration.people.labels import Labels

Row = Mapping[str, JsonValue]

_TECHNICAL = {
    "answers",
    "calendar_changes",
    "email_key",
    "id",
    "last_scan_at",
    "meetup_slug",
    "meetup_timezone",
    "meetup_title",
    "questions",
    "ticket",
    "version",
}
"""Said elsewhere in the document, or means nothing to anybody."""

_ONLY_WHEN_TRUE = {"handed_over"}


@dataclass(frozen=True, slots=True)
class Entry:
    """Words and what stands under them, or a moment and what happened then."""

    heading: str | None
    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of data."""

    kind: str
    heading: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Which meetup a row is about, as far as it says so."""

    title: str | None = None
    zone: str = "UTC"


class _About:
    """Finds the meetup of a row. Where there is none, moments are told by the clock of the person."""

    def __init__(self, export: Export) -> None:
        self._known: dict[JsonValue, Meeting] = {}
        for row in export.rows("registrations"):
            title = str(row["meetup_title"]) if row.get("meetup_title") else None
            meeting = Meeting(title, str(row.get("meetup_timezone") or "UTC"))
            self._known |= {row.get("id"): meeting, row.get("meetup_id"): meeting}
        self._known.pop(None, None)
        self._none = Meeting(zone=clock_of(export))
        self._now = export.made_at

    def __call__(self, row: Row) -> Meeting:
        for key in ("registration_id", "target_id", "meetup_id", "id"):
            if found := self._known.get(row.get(key)):
                return found
        return self._none

    def is_ahead(self, row: Row) -> bool:
        """Tell whether a registration is for a meetup that has not begun: nobody can have been seen there or not."""
        begins = row.get("meetup_starts_at")
        return isinstance(begins, str) and datetime.fromisoformat(begins) > self._now


def clock_of(export: Export) -> str:
    """Return the zone of the person's own clock: where they said they are, or where they last wanted to go."""
    zones = [row.get("timezone") or row.get("meetup_timezone") for row in export.rows("registrations")]
    return next((str(zone) for zone in reversed(zones) if zone), "UTC")


def readable(export: Export, words: Labels) -> list[Section]:
    """Return what is to be read, in its order."""
    about = _About(export)
    return [
        Section(kind, words.kind(kind), write(rows, about, words))
        for kind, write in _WRITTEN.items()
        if (rows := export.rows(kind))
    ]


def only_in_json(export: Export) -> list[str]:
    """Return the kinds that are not written out."""
    return [kind for kinds in export.services.values() for kind in kinds if kind not in _WRITTEN]


def _listed(rows: Sequence[Row], about: _About, words: Labels, *, heading: str | None = None) -> list[Entry]:
    return [_entry(_so_far(row, about), about(row), words, heading=heading) for row in rows]


def _so_far(row: Row, about: _About) -> Row:
    """Leave out that somebody did not come to what is still to come."""
    return {key: value for key, value in row.items() if key != "attended" or value or not about.is_ahead(row)}


def _entry(row: Row, meeting: Meeting, words: Labels, *, heading: str | None) -> Entry:
    first = words.said(heading, row.get(heading)) if heading else None
    pairs = [
        (words.key(key), words.said(key, value, zone=meeting.zone))
        for key, value in sorted(row.items(), key=lambda pair: words.rank(pair[0]))
        if key != heading and _told(key, value)
    ]
    return Entry(_sentence(first, meeting.title), [*pairs, *_answers(row, words)])


def _told(key: str, value: JsonValue) -> bool:
    if key in _TECHNICAL or key.endswith("_id") or value in (None, "", [], {}):
        return False
    return key not in _ONLY_WHEN_TRUE or value is True


def _answers(row: Row, words: Labels) -> list[tuple[str, str]]:
    """What an organiser asked, in the organiser's words, and what was answered; ids never mean anything to anybody."""
    answers, questions = row.get("answers"), row.get("questions")
    if not isinstance(answers, dict):
        return []
    asked = {q["id"]: q for q in questions if isinstance(q, dict)} if isinstance(questions, list) else {}
    return [_answer(asked.get(id_), given, words) for id_, given in answers.items()]


def _answer(question: dict[str, JsonValue] | None, given: JsonValue, words: Labels) -> tuple[str, str]:
    chosen = given if isinstance(given, list) else [given]
    if question is None:
        return words.text("question_gone"), ", ".join(map(str, chosen))
    options = question.get("options") or []
    labels = {o["id"]: str(o["label"]) for o in options if isinstance(o, dict)} if isinstance(options, list) else {}
    gone = words.text("option_gone") if labels else None
    return str(question["label"]), ", ".join(labels.get(one) or gone or str(one) for one in chosen)


def _logged(
    rows: Sequence[Row], about: _About, words: Labels, *, moments: Sequence[str], say: Sequence[str]
) -> list[Entry]:
    """One line for each row: when, and what."""

    def line(row: Row) -> tuple[str, str]:
        meeting = about(row)
        moment = next((str(row[key]) for key in moments if row.get(key)), "")
        said = [words.said(key, row[key]) for key in say if row.get(key)]
        return words.moment(moment, zone=meeting.zone), _sentence(*said, meeting.title) or ""

    return [Entry(None, [line(row) for row in rows])]


def _sentence(*parts: str | None) -> str | None:
    text = " · ".join(part for part in parts if part)
    return text[:1].upper() + text[1:] or None


_WRITTEN: Mapping[str, Callable[[Sequence[Row], _About, Labels], list[Entry]]] = {
    "person": _listed,
    "registrations": _listed,
    "attendees": _listed,
    "consents": partial(_listed, heading="purpose"),
    "objections": _listed,
    "legal_holds": _listed,
    "scans": partial(_logged, moments=("scanned_at",), say=("kind", "result")),
    "mails": partial(_logged, moments=("finished_at", "due_at"), say=("kind", "recipient_kind", "status")),
    "organiser_accesses": partial(_logged, moments=("acted_at",), say=("action",)),
    "own_accesses": partial(_logged, moments=("accessed_at",), say=("action", "channel")),
}
