"""What a meetup asks of who registers, as it is kept: questions as JSON, by the names of their fields."""

from collections.abc import Mapping, Sequence
from typing import TypedDict
from uuid import UUID

import asyncpg

from chassis.database import Connection
from services.registration.domain.invitations import Invitation
from services.registration.domain.meetups import Programme
from services.registration.domain.questions import Option, Question, QuestionKind, ShowIf
from services.registration.domain.terms import Terms, asks_least
from services.registration.store import queries


class StoredQuestion(TypedDict):
    """A question as `meetups.questions` holds it."""

    id: str
    kind: QuestionKind
    label: str
    options: list[dict[str, str]]
    required: bool
    show_if: dict[str, str] | None


class StoredTerms(TypedDict):
    """What a meetup asks, as its row says it."""

    format: str
    visibility: str
    questions: list[StoredQuestion]


async def write(connection: Connection, meetup_id: UUID, programme: Programme) -> None:
    """Write them beside the rest of a meetup (`store.meetups`)."""
    stored = [_stored(question) for question in programme.questions]
    await queries.write_terms.execute(connection, meetup_id, programme.visibility, stored)


def questions_of(stored: Sequence[StoredQuestion]) -> tuple[Question, ...]:
    """Read questions out of a meetup's row."""
    return tuple(
        Question(
            id=row["id"],
            kind=row["kind"],
            label=row["label"],
            options=tuple(Option(id=option["id"], label=option["label"]) for option in row["options"]),
            required=row["required"],
            show_if=_show_if(row["show_if"]),
        )
        for row in stored
    )


def terms_of(stored: StoredTerms) -> Terms:
    """Read what a meetup asks out of what `admission_candidates` tells of it."""
    return Terms(
        least=asks_least(stored["format"]),
        private=stored["visibility"] == "private",
        questions=questions_of(stored["questions"]),
    )


def invitation_of(row: asyncpg.Record) -> Invitation:
    """Read the invitation of a code out of the same row."""
    return Invitation(
        id=row["invitation_id"],
        label=row["label"],
        max_uses=row["max_uses"],
        used=row["used"],
        expires_at=row["expires_at"],
        created_at=row["created_at"],
    )


def _show_if(stored: Mapping[str, str] | None) -> ShowIf | None:
    return ShowIf(question=stored["question"], option=stored["option"]) if stored else None


def _stored(question: Question) -> StoredQuestion:
    after = question.show_if
    return StoredQuestion(
        id=question.id,
        kind=question.kind,
        label=question.label,
        options=[{"id": option.id, "label": option.label} for option in question.options],
        required=question.required,
        show_if={"question": after.question, "option": after.option} if after else None,
    )
