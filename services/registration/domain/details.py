"""What somebody told about themselves and their firm with one registration, and what is kept of it when they correct it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.registration.domain.identifiers import Identifier
from services.registration.domain.refusals import Refusal
from services.registration.domain.terms import Terms, answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """All of it. `headcount`, `role`, `sector` and `needs` are facts that reports count; the rest is personal and stays where it is."""

    full_name: str
    headcount: str
    organisation: str | None = None
    identifier: Identifier | None = None
    role: str | None = None
    sector: str | None = None
    needs: tuple[str, ...] | None = None
    access_needs: str | None = None
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """To the organiser's questions, those no longer asked included."""

    def corrected(self, wished: "Details", terms: Terms) -> "Details":
        """Return what stands from now on. What the meetup does not ask for stays as it is, and so do answers to questions that are gone.

        Raises:
            AnswersRefused: the new answers are missing or do not fit.
        """
        if terms.least:
            wished = replace(self, full_name=wished.full_name, answers=wished.answers)
        if wished.answers == self.answers:
            return wished
        asked = {question.id for question in terms.questions}
        gone = {name: answer for name, answer in self.answers.items() if name not in asked}
        kept = answered(terms, {name: answer for name, answer in wished.answers.items() if name not in gone})
        if isinstance(kept, Refusal):
            raise kept
        return replace(wished, answers={**gone, **kept})
