"""Colleagues registered with one form: each gets a registration and a mail of their own, in the order they were named.

Whoever fills in the form comes first: where they cannot be registered, nobody is. The organiser's questions are theirs alone; nobody
answers for a colleague, and colleagues are not asked.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.registration.admission import Admission
from services.registration.emails import email_key
from services.registration.receipts import Application, Outcome

MOST = 5
"""People on one form, whoever fills it in included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody else from the same firm; `email` is `normalised`."""

    full_name: str
    email: str


def applications(first: Application, colleagues: Sequence[Colleague]) -> list[Application]:
    """Return what each of them asks for: the firm's facts are shared, what somebody told about themselves is not.

    Their keys are made of the form's, so that sending it again finds each of them again; with others on it, it is another form. Consents
    and answers are nobody's to give for another.
    """
    group = tuple((email_key(colleague.email), colleague.full_name) for colleague in colleagues)
    return [
        replace(first, group=group),
        *(
            replace(
                first,
                email=colleague.email,
                email_key=email_key(colleague.email),
                full_name=colleague.full_name,
                key=f"{first.key} {number}",  # no key of a form has a space
                role=None,
                needs=None,
                access_needs=None,
                answers={},
                consents=(),
                brought=True,
                timezone=None,
                notice_version=None,
            )
            for number, colleague in enumerate(colleagues, start=2)
        ),
    ]


async def register_together(
    admission: Admission, first: Application, colleagues: Sequence[Colleague]
) -> tuple[Outcome, list[Outcome | Exception]]:
    """Ask the desk for the first, then for all colleagues at once; return the first's outcome, and each one's outcome or refusal in order.

    Raises:
        Refusal, NotFound, Unavailable: the first was not registered, nor anybody else. Asking again with the same key is safe.
    """
    own, *others = applications(first, colleagues)
    first_outcome, outcomes = await admission.ask(own), list[Outcome | Exception]()
    for outcome in await asyncio.gather(*(admission.ask(other) for other in others), return_exceptions=True):
        if not isinstance(outcome, Outcome | Exception):
            raise outcome
        outcomes.append(outcome)
    return first_outcome, outcomes
