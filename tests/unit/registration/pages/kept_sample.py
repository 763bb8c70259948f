"""All that might be kept of somebody, as the services tell it: rows made up, the words are those of the copy."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args
from uuid import UUID

from pydantic import JsonValue

from contracts.registration import RegistrationStatus
from services.registration.people import Export

PERSON = "019f2a3b-4c00-7000-8000-000000000030"
LUNCH: JsonValue = {
    "id": "lunch",
    "kind": "choice",
    "label": "Restez-vous au buffet\u202f?",
    "options": [{"id": "yes", "label": "Oui"}, {"id": "no", "label": "Non"}],
}


def _registration(number: int, status: RegistrationStatus) -> dict[str, JsonValue]:
    return {
        "id": f"019f2a3b-4c00-7000-8000-0000000001{number:02}",
        "reference": f"R-7K4QX-9M2T{number}",
        "meetup_id": f"019f2a3b-4c00-7000-8000-0000000002{number:02}",
        "meetup_title": "Par où commencer avec l’IA dans une entreprise de moins de dix salariés\u202f?",
        "meetup_timezone": "Indian/Mayotte",
        "meetup_starts_at": "2027-02-04T06:00:00+00:00",
        "status": status,
        "headcount": "1-9",
        "sector": "food",
        "needs": ["cost", "time"],
        "mode": "onsite",
        "registered_at": "2026-11-20T08:00:00+00:00",
    }


_REGISTRATIONS: list[dict[str, JsonValue]] = [
    _registration(number, status) for number, status in enumerate(get_args(RegistrationStatus))
]
_ATTENDEE: dict[str, JsonValue] = {
    "registration_id": _REGISTRATIONS[0]["id"],
    "full_name": "Zaïna <b>M’Changama</b> محمد \U0001f468\u200d\U0001f467",
    "organisation": "Menuiserie <script>alert(1)</script> " + "é" * 80,
    "identifier_scheme": "siret",
    "identifier_value": "73282932000074",
    "access_needs": "Une place de stationnement\nproche <de l’entrée>",
    "questions": [LUNCH],
    "answers": {"lunch": ["yes"], "gone": ["du pain"]},
}
_CONSENT: dict[str, JsonValue] = {
    "registration_id": _REGISTRATIONS[0]["id"],
    "purpose": "newsletter",
    "text": "Je souhaite recevoir la lettre d’information du réseau.",
    "text_version": "2026-11",
    "locale": "fr",
    "channel": "form",
    "given_at": "2026-11-20T08:00:00+00:00",
    "withdrawn_at": None,
    "confirmed": True,
}
_MAILS: list[dict[str, JsonValue]] = [
    {
        "registration_id": _REGISTRATIONS[0]["id"],
        "kind": kind,
        "recipient_kind": "person",
        "status": status,
        "due_at": "2026-11-20T08:00:00+00:00",
        "finished_at": "2026-11-20T08:00:02+00:00" if status == "sent" else None,
    }
    for kind, status in (("confirm_address", "sent"), ("seat_confirmed", "sent"), ("reminder", "waiting"))
]

KEPT = Export(
    person_id=UUID(PERSON),
    made_at=datetime(2026, 11, 23, 8, tzinfo=UTC),
    services={
        "registration": {
            "person": [{"id": PERSON, "email": "zaina@exemple.fr", "created_at": "2026-11-20T08:00:00+00:00"}],
            "registrations": _REGISTRATIONS,
            "attendees": [_ATTENDEE],
            "consents": [_CONSENT, {**_CONSENT, "purpose": "photos", "withdrawn_at": "2026-11-23T08:00:00+00:00"}],
            "scans": [
                {
                    "registration_id": _REGISTRATIONS[0]["id"],
                    "kind": "in",
                    "result": "checked_in",
                    "scanned_at": "2027-02-04T06:00:00+00:00",
                }
            ],
            "own_accesses": [{"accessed_at": "2026-11-21T08:00:00+00:00", "action": "rectified", "channel": "link"}],
            "links": [{"purpose": "manage"}],
        },
        "notifications": {"mails": _MAILS},
        "analytics": {"report_facts": [{"headcount": "1-9"}]},
    },
    not_answered=(),
)

_LITTLE: dict[str, list[dict[str, JsonValue]]] = {
    "person": [{"id": PERSON, "email": "zaina@exemple.fr", "created_at": "2026-11-20T08:00:00+00:00"}],
    "registrations": _REGISTRATIONS[:1],
    "objections": [{"person_id": PERSON, "objected_at": "2026-11-23T08:00:00+00:00"}],
}
LITTLE = replace(KEPT, services={"registration": _LITTLE}, not_answered=("notifications", "analytics"))
"""Of somebody who objected, while the other services do not answer."""
