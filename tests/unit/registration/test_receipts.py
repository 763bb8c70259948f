"""What a registration is asked with."""

from dataclasses import fields, replace
from uuid import UUID

import pytest

from services.registration.domain.consents import Consent
from services.registration.domain.identifiers import Identifier
from services.registration.receipts import Application

ASKED = Application(
    meetup_id=UUID(int=1),
    email="a@firm.example",
    email_key="a@firm.example",
    full_name="A",
    headcount="1-9",
    locale="fr",
    key="k",
)
OTHERWISE = {
    "meetup_id": UUID(int=2),
    "email": "A@firm.example",
    "email_key": "b@firm.example",
    "full_name": "B",
    "headcount": None,
    "locale": "en",
    "key": "l",
    "mode": "online",
    "role": "manager",
    "sector": "trade",
    "needs": ("start",),
    "timezone": "Indian/Mayotte",
    "notice_version": "2026-11",
    "organisation": "Firm",
    "identifier": Identifier("siren", "732829320"),
    "access_needs": "a ramp",
    "answers": {"q": ("a",)},
    "consents": (Consent("photos", "2026-11"),),
    "channel": "page",
    "invitation": b"hash",
    "brought": True,
    "group": (("c@firm.example", "C"),),
}
NOT_OF_THE_BODY = {"meetup_id", "email", "key"}


@pytest.mark.parametrize("name", [told.name for told in fields(Application)])
def test_every_field_of_the_body_tells_it_from_another(name: str) -> None:
    other = replace(ASKED, **{name: OTHERWISE[name]})  # type: ignore[arg-type]
    assert (other.fingerprint() == ASKED.fingerprint()) is (name in NOT_OF_THE_BODY)


def test_the_order_in_which_questions_were_answered_does_not_matter() -> None:
    one = replace(ASKED, answers={"a": ("1",), "b": ("2",)})
    assert one.fingerprint() == replace(ASKED, answers={"b": ("2",), "a": ("1",)}).fingerprint()
