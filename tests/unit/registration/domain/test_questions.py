"""Organisers' questions: what may be asked, what counts as shown, and which answers are kept."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.questions import (
    MOST_CHARACTERS,
    BadAnswer,
    BadDefinition,
    Given,
    Option,
    Question,
    ShowIf,
    faults_in,
    read_answers,
)

YES_NO = (Option(id="yes", label="Oui"), Option(id="no", label="Non"))
LUNCH = Question(id="lunch", kind="choice", label="Déjeunez-vous avec nous\u202f?", options=YES_NO, required=True)
DIET = Question(
    id="diet",
    kind="choices",
    label="Votre régime",
    options=(Option(id="vegetarian", label="Végétarien"), Option(id="other", label="Autre")),
    required=True,
    show_if=ShowIf(question="lunch", option="yes"),
)
WHICH = Question(
    id="which", kind="text", label="Lequel\u202f?", required=True, show_if=ShowIf(question="diet", option="other")
)
QUESTIONS = (LUNCH, DIET, WHICH)


def test_sensible_questions_have_no_fault() -> None:
    assert faults_in(QUESTIONS) == []
    assert faults_in([]) == []


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        (replace(DIET, id="lunch"), "repeated-id"),
        (replace(DIET, options=()), "options-missing"),
        (replace(DIET, options=YES_NO[:1]), "options-missing"),
        (replace(WHICH, show_if=None, options=YES_NO), "options-superfluous"),
        (replace(DIET, options=YES_NO * 2), "repeated-option"),
        (replace(DIET, show_if=ShowIf(question="diet", option="other")), "shown-after-what"),  # itself
        (replace(DIET, show_if=ShowIf(question="which", option="x")), "shown-after-what"),  # one that comes later
        (replace(DIET, show_if=ShowIf(question="lunch", option="perhaps")), "shown-after-what"),
        (replace(DIET, show_if=ShowIf(question="nothing", option="yes")), "shown-after-what"),
    ],
)
def test_what_could_not_be_asked_is_refused_where_it_stands(question: Question, fault: str) -> None:
    assert faults_in([LUNCH, question, replace(WHICH, show_if=None)])[0] == BadDefinition(1, fault)  # type: ignore[arg-type]


def test_a_question_cannot_depend_on_words() -> None:
    words = Question(id="words", kind="text", label="Un mot")
    late = replace(DIET, show_if=ShowIf(question="words", option="yes"))
    assert faults_in([words, late]) == [BadDefinition(1, "shown-after-what")]


def test_what_is_not_shown_is_neither_required_nor_kept() -> None:
    kept, faults = read_answers(QUESTIONS, {"lunch": ("no",), "diet": ("other",), "which": ("sans gluten",)})
    assert (kept, faults) == ({"lunch": ("no",)}, [])


def test_what_is_shown_is_required_where_the_organiser_says_so() -> None:
    assert read_answers(QUESTIONS, {})[1] == [BadAnswer("lunch", "missing")]
    assert read_answers(QUESTIONS, {"lunch": ("yes",)})[1] == [BadAnswer("diet", "missing")]
    assert read_answers(QUESTIONS, {"lunch": ("yes",), "diet": ("other",)})[1] == [BadAnswer("which", "missing")]
    assert read_answers(QUESTIONS, {"lunch": ("yes",), "diet": ("vegetarian",)})[1] == []


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"lunch": ("perhaps",)}, BadAnswer("lunch", "not_a_choice")),
        ({"lunch": ("yes", "no")}, BadAnswer("lunch", "one_only")),
        ({"lunch": ("  ",)}, BadAnswer("lunch", "missing")),
        ({"lunch": ("no",), "shoe_size": ("43",)}, BadAnswer("shoe_size", "unknown")),
        (
            {"lunch": ("yes",), "diet": ("other",), "which": ("x" * (MOST_CHARACTERS + 1),)},
            BadAnswer("which", "too_long"),
        ),
        ({"lunch": ("yes",), "diet": ("other", "nuts")}, BadAnswer("diet", "not_a_choice")),
    ],
)
def test_answers_that_do_not_fit_are_named(answers: Given, fault: BadAnswer) -> None:
    assert read_answers(QUESTIONS, answers)[1] == [fault]


def test_an_answer_that_does_not_fit_shows_nothing_after_it() -> None:
    kept, faults = read_answers(QUESTIONS, {"lunch": ("yes", "no"), "diet": ("other",)})
    assert kept == {}
    assert faults == [BadAnswer("lunch", "one_only")]


def test_choices_are_kept_once_in_the_order_of_the_options() -> None:
    kept, _ = read_answers(
        QUESTIONS, {"lunch": ("yes",), "diet": ("other", "vegetarian", "other"), "which": (" léger ",)}
    )
    assert kept == {"lunch": ("yes",), "diet": ("vegetarian", "other"), "which": ("léger",)}


_ids = st.sampled_from(["a", "b", "c", "d"])
_definitions = st.lists(
    st.builds(
        Question,
        id=_ids,
        kind=st.sampled_from(["text", "choice", "choices"]),
        label=st.just("?"),
        options=st.sampled_from([(), YES_NO]),
        required=st.booleans(),
        show_if=st.none() | st.builds(ShowIf, question=_ids, option=st.sampled_from(["yes", "no"])),
    ),
    max_size=6,
)
_answers = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d", "e"]),
    st.lists(st.sampled_from(["yes", "no", "maybe", "", " yes "]), max_size=3).map(tuple),
)


@given(_definitions, _answers)
def test_kept_answers_are_read_as_themselves_and_belong_to_shown_questions(
    questions: list[Question], answers: Given
) -> None:
    if faults_in(questions):
        return
    kept, faults = read_answers(questions, answers)
    if not faults:
        assert read_answers(questions, kept) == (kept, [])
    for question in questions:
        if question.id in kept:
            assert question.shown(kept)
        elif question.required and question.shown(kept) and not faults:
            raise AssertionError("a required question that was shown has an answer")


@given(_definitions)
def test_every_condition_of_sound_questions_looks_back(questions: list[Question]) -> None:
    if faults_in(questions):
        return
    seen: set[str] = set()
    for question in questions:
        assert question.show_if is None or question.show_if.question in seen
        seen.add(question.id)
