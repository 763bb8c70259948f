"""Colleagues registered with one form: each gets a registration and a mail of their own, admitted together, in the order they were named."""

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

    Their keys are made of the form's, so that sending it again finds each of them again. Consents are nobody's to give for another.
    """
    return [
        first,
        *(
            replace(
                first,
                email=colleague.email,
                email_key=email_key(colleague.email),
                full_name=colleague.full_name,
                key=f"{first.key}/{number}",
                role=None,
                needs=None,
                access_needs=None,
                consents=(),
                timezone=None,
                notice_version=None,
            )
            for number, colleague in enumerate(colleagues, start=2)
        ),
    ]


async def register_together(
    admission: Admission, first: Application, colleagues: Sequence[Colleague]
) -> list[Outcome | Exception]:
    """Ask the desk for all of them at once, in order; each has an outcome or a refusal of its own.

    Raises:
        Refusal, NotFound, Unavailable: nobody was registered. Asking again with the same key is safe.
    """
    asked = (admission.ask(application) for application in applications(first, colleagues))
    outcomes: list[Outcome | Exception] = []
    for outcome in await asyncio.gather(*asked, return_exceptions=True):
        if not isinstance(outcome, Outcome | Exception):
            raise outcome
        outcomes.append(outcome)
    if not any(isinstance(outcome, Outcome) for outcome in outcomes) and isinstance(outcomes[0], Exception):
        raise outcomes[0]
    return outcomes
