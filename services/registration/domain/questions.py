"""What an organiser asks beside our own questions: text, one choice, several choices; some asked only after a certain answer.

Definitions are checked when the organiser writes them, answers when somebody registers. Whether a question was shown is decided here,
not in a browser: what was not shown is not required, and what was answered to it all the same is dropped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from services.registration.domain.refusals import QuestionsRefused

QuestionKind = Literal["text", "choice", "choices"]
Fault = Literal["missing", "too_long", "not_a_choice", "one_only", "unknown"]
DefinitionFault = Literal[
    "repeated-id", "options-missing", "options-superfluous", "repeated-option", "shown-after-what"
]

MOST_QUESTIONS = 10
MOST_OPTIONS = 20
MOST_CHARACTERS = 1000
"""Of an answer in words."""

Given: TypeAlias = Mapping[str, tuple[str, ...]]
"""Answers by question: the words of a text, or the ids of the options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer to choose."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowIf:
    """The answer to an earlier question after which this one is asked."""

    question: str
    option: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, in the words of the organiser."""

    id: str
    kind: QuestionKind
    label: str
    options: tuple[Option, ...] = ()
    required: bool = False
    show_if: ShowIf | None = None

    def shown(self, answers: Given) -> bool:
        """Whether it is asked, given the answers to those before it that were shown."""
        return self.show_if is None or self.show_if.option in answers.get(self.show_if.question, ())


@dataclass(frozen=True, slots=True)
class BadDefinition:
    """What is wrong with the question at `index`."""

    index: int
    fault: DefinitionFault


@dataclass(frozen=True, slots=True)
class BadAnswer:
    """What is wrong with the answer to one question."""

    question: str
    fault: Fault


def faults_in(questions: Sequence[Question]) -> list[BadDefinition]:
    """Return what is wrong with definitions. Since a question depends on an earlier one only, none can wait for itself."""
    faults: list[BadDefinition] = []
    earlier: dict[str, Question] = {}
    for index, question in enumerate(questions):
        if fault := _definition_fault(question, earlier):
            faults.append(BadDefinition(index, fault))
        earlier.setdefault(question.id, question)
    return faults


def sound(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Return them, if they can be asked.

    Raises:
        QuestionsRefused: some could not; it says which, and why.
    """
    if faults := faults_in(questions):
        raise QuestionsRefused({bad.index: bad.fault for bad in faults})
    return tuple(questions)


def read_answers(questions: Sequence[Question], given: Given) -> tuple[Given, list[BadAnswer]]:
    """Return the answers to keep and what is wrong with them. Answers in words are trimmed; empty ones are none."""
    kept: dict[str, tuple[str, ...]] = {}
    faults = [BadAnswer(name, "unknown") for name in given if all(name != question.id for question in questions)]
    for question in questions:
        if not question.shown(kept):
            continue
        answer = tuple(filter(None, (part.strip() for part in given.get(question.id, ()))))
        if fault := _answer_fault(question, answer):
            faults.append(BadAnswer(question.id, fault))
        elif answer:
            kept[question.id] = _in_order(question, answer)
    return kept, faults


def _definition_fault(question: Question, earlier: Mapping[str, Question]) -> DefinitionFault | None:
    options = [option.id for option in question.options]
    if question.id in earlier:
        return "repeated-id"
    if question.kind == "text" and options:
        return "options-superfluous"
    if question.kind != "text" and len(options) < 2:
        return "options-missing"
    if len(set(options)) != len(options):
        return "repeated-option"
    after = question.show_if
    if after is not None:
        asked = earlier.get(after.question)
        if asked is None or all(option.id != after.option for option in asked.options):
            return "shown-after-what"
    return None


def _answer_fault(question: Question, answer: tuple[str, ...]) -> Fault | None:
    if not answer:
        return "missing" if question.required else None
    if question.kind != "choices" and len(answer) > 1:
        return "one_only"
    if question.kind == "text":
        return "too_long" if len(answer[0]) > MOST_CHARACTERS else None
    known = {option.id for option in question.options}
    return None if known.issuperset(answer) else "not_a_choice"


def _in_order(question: Question, answer: tuple[str, ...]) -> tuple[str, ...]:
    """Keep each choice once, in the order of the options: one set of choices has one spelling."""
    if question.kind == "text":
        return answer
    return tuple(option.id for option in question.options if option.id in answer)
