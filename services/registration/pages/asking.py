"""From what a meetup asks to what the form shows of it."""

from collections.abc import Iterator, Sequence

from contracts.fact import Locale
from contracts.retention import Retention
from services.registration.domain.questions import Question
from services.registration.notices import notice
from services.registration.notices.consents import consent, consent_texts
from services.registration.notices.notice import law_of
from services.registration.pages.form_views import Asked, Asks, ConsentBox
from services.registration.pages.views import Choice
from services.registration.store.meetups import Sheet


def asks(sheet: Sheet, *, language: Locale, retention: Retention) -> Asks:
    """Show what this meetup asks of who registers, in the words of today."""
    meetup = sheet.meetup
    terms = meetup.terms
    return Asks(
        notice=notice(
            language=language,
            controllers=[by.name for by in sheet.organisers if by.role != "partner"],
            retention=retention,
            law=law_of(meetup.territory),
        ),
        least=terms.least,
        private=terms.private,
        approval=meetup.approval,
        questions=tuple(questions(terms.questions)),
        consents=() if terms.least else tuple(_boxes(language)),
    )


def questions(asked: Sequence[Question]) -> Iterator[Asked]:
    """Show the organiser's questions. Those that depend on others get a number, which the style sheet links (`styles/questions.css`)."""
    numbers: dict[str, int] = {}
    for question in asked:
        if question.show_if is not None:
            numbers[question.id] = len(numbers) + 1
    known = {question.id: question for question in asked}
    for question in asked:
        yield Asked(
            id=question.id,
            kind=question.kind,
            label=question.label,
            required=question.required,
            options=tuple(Choice(code=option.id, name=option.label) for option in question.options),
            opens={option.id: _opens(question, option.id, asked, numbers) for option in question.options},
            opened=" ".join(f"opened-{numbers[name]}" for name in _chain(question, known)),
            after=_after(question, known),
        )


def _opens(question: Question, option: str, asked: Sequence[Question], numbers: dict[str, int]) -> str:
    return " ".join(
        f"opens-{numbers[other.id]}"
        for other in asked
        if other.show_if is not None and (other.show_if.question, other.show_if.option) == (question.id, option)
    )


def _chain(question: Question, known: dict[str, Question]) -> Iterator[str]:
    """Return the question itself and those before it that depend on others: each has to be open for this one to be."""
    while question.show_if is not None:
        yield question.id
        question = known[question.show_if.question]


def _after(question: Question, known: dict[str, Question]) -> tuple[str, str] | None:
    if question.show_if is None:
        return None
    earlier = known[question.show_if.question]
    return earlier.label, next(option.label for option in earlier.options if option.id == question.show_if.option)


def _boxes(language: Locale) -> Iterator[ConsentBox]:
    for purpose in consent_texts():
        text = consent(purpose)
        yield ConsentBox(purpose=purpose, version=text.version, words=text.words(language))
