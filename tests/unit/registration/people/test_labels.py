"""Everything that is kept of somebody can be said in words: each code of each vocabulary, enum and column has them, in both languages."""

from typing import get_args

import pytest

from contracts.fact import Locale
from contracts.registration import CancelledBy, RegistrationStatus
from contracts.vocabularies import NOT_ASKED
from services.notifications.domain.notices import Kind, LinksReason, RecipientKind
from services.registration.audit import Action
from services.registration.domain.attendance import ScanKind, ScanResult
from services.registration.domain.consents import Channel as ConsentChannel
from services.registration.domain.registrations import Approval, Mode, NamedBy
from services.registration.notices import PURPOSES
from services.registration.people.asking import OTHERS
from services.registration.people.finding import Channel
from services.registration.people.labels import VOCABULARIES, has_words, labels
from services.registration.people.uses import Use

CODES = {
    "status": (RegistrationStatus, "waiting", "sent", "failed", "dropped"),
    "cancelled_by": (CancelledBy,),
    "approval": (Approval,),
    "mode": (Mode,),
    "locale": (Locale,),
    "headcount": (NOT_ASKED,),
    "purpose": PURPOSES,
    "channel": (Channel, ConsentChannel),
    "kind": (ScanKind, Kind),
    "recipient_kind": (RecipientKind,),
    "result": (ScanResult,),
    "action": (Use, Action),
    "reason": (LinksReason,),
    "named_by": (NamedBy,),
    "service": OTHERS,
}
"""By the key they are kept under. Statuses of mails are those of their column, which a test of the database compares."""


def _codes(source: object) -> list[str]:
    if source is Kind:
        return [kind.value for kind in Kind]
    return [source] if isinstance(source, str) else list(get_args(source))


PAIRS = sorted(
    {(key, code) for key, sources in CODES.items() for source in sources for code in _codes(source)}
    | {(key, code) for key, vocabulary in VOCABULARIES.items() for code in vocabulary}
)


@pytest.mark.parametrize(("key", "code"), PAIRS)
def test_every_code_has_words_in_both_languages(key: str, code: str) -> None:
    for locale in ("fr", "en"):
        assert labels(locale).value(key, code)
    assert has_words(key, code)


def test_a_code_of_a_newer_service_is_shown_as_it_is() -> None:
    assert labels("fr").value("action", "meetup.sung") == "meetup.sung"
    assert not has_words("action", "meetup.sung")


def test_what_is_said_has_the_typography_of_its_language() -> None:
    assert labels("fr").said("timezone", "Pacific/Marquesas") == "Marquises"
    assert labels("fr").said("timezone", "Nowhere/Never") == "Nowhere/Never"
    assert labels("en").said("attended", value=True) == "yes"
    assert labels("fr").said("needs", ["cost", "time"]).count(", ") == 1
