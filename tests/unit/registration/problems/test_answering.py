"""Whatever the rules refuse has an answer that names and explains it."""

import pytest

from chassis.problems.base import every_problem
from services.registration.domain import refusals
from services.registration.domain.refusals import Refusal
from services.registration.problems import problem_of, responses

_TOLD: list[Refusal] = [
    refusals.NoSuchWallTime("ends_local"),
    refusals.AnswersRefused({"q1": "missing"}),
    refusals.QuestionsRefused({0: "repeated-id"}),
]
EVERY = [next((told for told in _TOLD if type(told) is kind), None) or kind() for kind in Refusal.__subclasses__()]


@pytest.mark.parametrize("refusal", EVERY, ids=lambda refusal: type(refusal).__name__)
def test_every_refusal_has_an_answer_in_both_languages(refusal: Refusal) -> None:
    problem = problem_of(refusal)
    words = [error.detail for error in problem.errors] or [problem.title]
    assert all(text("fr") and text("en") for text in words)
    assert refusal.code == problem.slug if not problem.errors else problem.status == 422


def test_a_refusal_explains_its_problem_once_for_rules_and_callers() -> None:
    kind = every_problem()["no-seat-there"]
    assert (kind.status, kind.__doc__) == (409, refusals.NoSeatThere.__doc__)


def test_a_route_names_refusals_as_it_names_problems() -> None:
    answers = responses(refusals.NoSeatThere, refusals.MeetupOver)
    assert answers[409]["description"] == " / ".join(
        problem_of(refusal).title.en for refusal in (refusals.NoSeatThere(), refusals.MeetupOver())
    )
