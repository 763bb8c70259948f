"""What a meetup asks of who registers beside name and address, and whether what somebody told answers it. Decided under the meetup's lock."""

from dataclasses import dataclass
from datetime import datetime

from services.registration.domain.invitations import Invitation
from services.registration.domain.questions import Given, Question, read_answers
from services.registration.domain.refusals import AnswersRefused, HeadcountMissing, InvitationRefused, Refusal

CAFE = "cafe_ia"
"""The format that asks for the least: a first name and an address, nothing of a firm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is asked. `least`: nothing of a firm, as befits a café; `private`: the code of an invitation."""

    least: bool = False
    private: bool = False
    questions: tuple[Question, ...] = ()


USUAL = Terms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an application says to that. `invitation` is the one its code names, if any does; `asked`: the questions were put to them."""

    headcount: str | None
    answers: Given
    invitation: Invitation | None = None
    asked: bool = True


def asks_least(format_: str) -> bool:
    """Whether a meetup of this format asks for the least."""
    return format_ == CAFE


def met(terms: Terms, told: Told, *, now: datetime) -> Given | Refusal:
    """Return the answers to keep, or the first reason why this is not enough."""
    if terms.private and (told.invitation is None or not told.invitation.opens(now=now)):
        return InvitationRefused()
    if told.headcount is None and not terms.least:
        return HeadcountMissing()
    return answered(terms, told.answers) if told.asked else {}


def answered(terms: Terms, answers: Given) -> Given | AnswersRefused:
    """Return the answers to keep, or what is wrong with them."""
    kept, faults = read_answers(terms.questions, answers)
    return AnswersRefused({fault.question: fault.fault for fault in faults}) if faults else kept
