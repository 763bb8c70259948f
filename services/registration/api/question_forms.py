"""An organiser's questions as they come in. What can be asked at all, the rules decide (`domain.questions`)."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from services.registration.api.fields import Incoming, Label, LocalId
from services.registration.domain.questions import (
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Option,
    Question,
    QuestionKind,
    ShowIf,
)


class OptionForm(Incoming):
    """One answer to choose."""

    id: LocalId
    label: Label


class ShowIfForm(Incoming):
    """Ask only after this answer to an earlier question."""

    question: LocalId
    option: LocalId


class QuestionForm(Incoming):
    """One question. Choices have options, text has none; answers are kept by ids, so that words may be mended later."""

    id: LocalId
    kind: QuestionKind
    label: Label
    options: Annotated[tuple[OptionForm, ...], Field(max_length=MOST_OPTIONS)] = ()
    required: bool = False
    show_if: ShowIfForm | None = None

    def question(self) -> Question:
        """Return it for the use case."""
        return Question(
            id=self.id,
            kind=self.kind,
            label=self.label,
            options=tuple(Option(id=option.id, label=option.label) for option in self.options),
            required=self.required,
            show_if=ShowIf(question=self.show_if.question, option=self.show_if.option) if self.show_if else None,
        )


QuestionForms = Annotated[
    tuple[QuestionForm, ...], Field(max_length=MOST_QUESTIONS, description="asked of who registers, in this order")
]


def questions_of(forms: Iterable[QuestionForm]) -> tuple[Question, ...]:
    """Return them all for the use case."""
    return tuple(form.question() for form in forms)
