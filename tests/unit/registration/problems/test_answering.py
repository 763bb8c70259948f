"""Whatever the rules refuse has an answer that names and explains it."""

import re
from pathlib import Path

import pytest

import services.registration
from chassis.problems.base import every_problem
from chassis.problems.fields import field_errors
from services.registration.domain import refusals
from services.registration.domain.refusals import Refusal
from services.registration.problems import MESSAGES, problem_of, responses

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


def test_whatever_our_own_validators_refuse_has_words_of_its_own() -> None:
    sources = Path(services.registration.__path__[0]).rglob("*.py")
    kinds = {kind for source in sources for kind in re.findall(r'PydanticCustomError\(\s*"(\w+)"', source.read_text())}
    assert {"email", "join_url"} <= kinds
    told = {
        kind: field_errors([{"type": kind, "loc": ("field",), "ctx": {}}], messages=MESSAGES)[0].code for kind in kinds
    }
    assert [kind for kind, code in told.items() if code == "invalid"] == []


def test_a_refusal_explains_its_problem_once_for_rules_and_callers() -> None:
    kind = every_problem()["no-seat-there"]
    assert (kind.status, kind.__doc__) == (409, refusals.NoSeatThere.__doc__)


def test_a_route_names_refusals_as_it_names_problems() -> None:
    answers = responses(refusals.NoSeatThere, refusals.MeetupOver)
    assert answers[409]["description"] == " / ".join(
        problem_of(refusal).title.en for refusal in (refusals.NoSeatThere(), refusals.MeetupOver())
    )
