"""What is kept of a correction: what is asked now, and what was told to what is asked no more."""

from dataclasses import replace

import pytest

from services.registration.domain.details import Details
from services.registration.domain.questions import Option, Question, ShowIf
from services.registration.domain.refusals import AnswersRefused
from services.registration.domain.terms import USUAL, Terms

LUNCH = Question(
    id="lunch",
    kind="choice",
    label="?",
    required=True,
    options=(Option(id="yes", label="Oui"), Option(id="no", label="Non")),
)
DIET = Question(id="diet", kind="text", label="?", required=True, show_if=ShowIf(question="lunch", option="yes"))
ASKING = Terms(questions=(LUNCH, DIET))
TOLD = Details(full_name="Zaïna", headcount="1-9", sector="food", answers={"old": ("Oui",), "lunch": ("no",)})


def test_what_is_wished_stands_and_answers_to_questions_that_are_gone_stay() -> None:
    wished = Details(full_name="Zaïnaba", headcount="10-49", answers={"lunch": ("yes",), "diet": (" rien ",)})
    kept = TOLD.corrected(wished, ASKING)
    assert kept == replace(wished, answers={"old": ("Oui",), "lunch": ("yes",), "diet": ("rien",)})


def test_an_answer_to_a_question_that_is_not_shown_is_dropped() -> None:
    wished = replace(TOLD, answers={"lunch": ("no",), "diet": ("typed before",)})
    assert TOLD.corrected(wished, ASKING) == TOLD


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({}, {"lunch": "missing"}),
        ({"lunch": ("yes",)}, {"diet": "missing"}),
        ({"lunch": ("maybe",)}, {"lunch": "not_a_choice"}),
        ({"lunch": ("no",), "never": ("asked",)}, {"never": "unknown"}),
    ],
)
def test_answers_that_do_not_fit_are_refused(answers: dict[str, tuple[str, ...]], fault: dict[str, str]) -> None:
    with pytest.raises(AnswersRefused) as refused:
        TOLD.corrected(replace(TOLD, answers=answers), ASKING)
    assert refused.value.faults == fault


def test_a_name_is_corrected_though_a_question_was_added_since() -> None:
    silent = replace(TOLD, answers={})
    assert silent.corrected(replace(silent, full_name="Zaïnaba"), ASKING).full_name == "Zaïnaba"


def test_a_cafe_takes_a_name_and_answers_and_leaves_the_rest() -> None:
    wished = Details(full_name="Zaïnaba", headcount="250+", sector="health", organisation="X", answers=TOLD.answers)
    assert TOLD.corrected(wished, replace(USUAL, least=True)) == replace(TOLD, full_name="Zaïnaba")
