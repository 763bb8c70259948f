"""Forms that were not let through, in every state, for the gallery."""

from collections.abc import Mapping

from services.registration.defences import sent
from services.registration.defences.challenge import Challenge
from services.registration.pages.catalogue import Catalogue
from services.registration.pages.rendering import page
from services.registration.pages.visits import Visit

FIELDS = [("full_name", "Zaïna <b>M’Changama</b>"), ("email", "zaina@exemple.fr"), ("needs", "cost"), ("needs", "time")]
CHALLENGE = Challenge(text="w.6b49d200.17.c2Fsc2Fsc2E.0123", bits=17, wait="p.6b49d200.c2Fsc2Fsc2E.0123")


def every_form_held_back(texts: Catalogue) -> Mapping[str, str]:
    """Render each by its name."""
    return {
        "again-limited": _again(texts, seconds=15),
        "again-limited-for-long": _again(texts, seconds=600),
        "again-challenged": _again(texts, seconds=30, challenge=CHALLENGE),
        "again-too-early": _again(texts, seconds=1, challenge=CHALLENGE, first=False),
    }


def _again(texts: Catalogue, *, seconds: int, challenge: Challenge | None = None, first: bool = True) -> str:
    path = "/rencontres/mamoudzou-2027-02"
    values = {
        "action": path,
        "fields": FIELDS,
        "names": (sent.CHALLENGE, sent.ANSWER, sent.WAIT),
        "challenge": challenge,
        "first": first,
        "seconds": seconds,
        "demo": True,
    }
    return bytes(page("again.html", Visit(texts, path), values).body).decode()
