"""What a meetup asks of who registers, and what is enough."""

from dataclasses import replace
from datetime import timedelta

from services.registration.domain.questions import Question
from services.registration.domain.refusals import AnswersRefused, HeadcountMissing, InvitationRefused
from services.registration.domain.terms import USUAL, Terms, Told, met
from tests.unit.registration.domain.test_invitations import INVITATION, NOW

TOLD = Told(headcount="1-9", answers={})
WHY = Question(id="why", kind="text", label="Pourquoi venez-vous\u202f?", required=True)


def test_most_meetups_ask_for_the_headcount_alone() -> None:
    assert met(USUAL, TOLD, now=NOW) == {}
    assert isinstance(met(USUAL, replace(TOLD, headcount=None), now=NOW), HeadcountMissing)


def test_a_cafe_asks_nothing_of_a_firm() -> None:
    assert met(Terms(least=True), replace(TOLD, headcount=None), now=NOW) == {}


def test_a_private_meetup_opens_to_a_code_that_is_good_and_never_tells_why_not() -> None:
    private = Terms(private=True)
    assert met(private, replace(TOLD, invitation=INVITATION), now=NOW) == {}
    for invitation in (None, replace(INVITATION, max_uses=3), replace(INVITATION, expires_at=NOW - timedelta(days=1))):
        refused = met(private, replace(TOLD, invitation=invitation), now=NOW)
        assert isinstance(refused, InvitationRefused)
        assert not str(refused)


def test_questions_of_the_organiser_are_answered_as_well() -> None:
    terms = Terms(questions=(WHY,))
    refused = met(terms, TOLD, now=NOW)
    assert isinstance(refused, AnswersRefused)
    assert refused.faults == {"why": "missing"}
    assert met(terms, replace(TOLD, answers={"why": (" Pour voir ",)}), now=NOW) == {"why": ("Pour voir",)}


def test_without_a_code_nothing_is_said_of_the_rest() -> None:
    assert isinstance(met(Terms(private=True, questions=(WHY,)), TOLD, now=NOW), InvitationRefused)
