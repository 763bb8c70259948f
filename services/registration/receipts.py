"""What a registration is asked with and answered by."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.fact import Locale
from services.registration.domain.consents import Channel, Consent
from services.registration.domain.identifiers import Identifier
from services.registration.domain.registrations import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Somebody wishes to come. `email` is as typed, `email_key` what makes two spellings one person; `key` is the idempotency key.

    Facts of the firm and the attendee are codes of vocabularies; what was not asked or not answered is None. `invitation` is the hash
    of a code. `group` are the addresses and names of the colleagues whom somebody brings along, `brought` is each of these: nobody has put
    the organiser's questions to them.
    """

    meetup_id: UUID
    email: str
    email_key: str
    full_name: str
    headcount: str | None
    locale: Locale
    key: str
    mode: Mode | None = None
    role: str | None = None
    sector: str | None = None
    needs: tuple[str, ...] | None = None
    timezone: str | None = None
    notice_version: str | None = None
    organisation: str | None = None
    identifier: Identifier | None = None
    access_needs: str | None = None
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    consents: tuple[Consent, ...] = ()
    channel: Channel = "api"
    invitation: bytes | None = None
    brought: bool = False
    group: tuple[tuple[str, str], ...] = ()

    def fingerprint(self) -> bytes:
        """What tells another body under the same key; it goes with the person when that is erased."""
        body = [getattr(self, name) for name in _BODY]
        return hashlib.sha256(repr([_ordered(value) for value in body]).encode()).digest()

    def least(self) -> "Application":
        """Return what is kept of it where nothing of a firm is asked for."""
        return replace(
            self,
            headcount=None,
            role=None,
            sector=None,
            needs=None,
            organisation=None,
            identifier=None,
            access_needs=None,
            consents=(),
        )


_BODY = tuple(told.name for told in fields(Application) if told.name not in {"key", "meetup_id", "email"})
"""All fields but the key, the meetup it counts in, and one spelling of the address among others."""


def _ordered(value: object) -> object:
    return sorted(value.items()) if isinstance(value, Mapping) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to a registration. It names nobody."""

    id: UUID
    reference: str
    meetup_id: UUID
    status: Literal["held", "waitlisted"]
    position: int | None = None
    expires_at: datetime | None = None

    def to_json(self) -> str:
        """Write it; the text is kept, so that a repeated answer is the first to the byte."""
        document: dict[str, str | int] = {
            "id": str(self.id),
            "reference": self.reference,
            "meetup_id": str(self.meetup_id),
            "status": self.status,
        }
        if self.position is not None:
            document["position"] = self.position
        if self.expires_at is not None:
            document["expires_at"] = self.expires_at.isoformat().replace("+00:00", "Z")
        return json.dumps(document, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Receipt":
        """Read what `to_json` wrote."""
        document = json.loads(text)
        expires_at = document.get("expires_at")
        return cls(
            id=UUID(document["id"]),
            reference=document["reference"],
            meetup_id=UUID(document["meetup_id"]),
            status=document["status"],
            position=document.get("position"),
            expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """A receipt, its very text, and whether this key had been answered with it before."""

    receipt: Receipt
    text: str
    replayed: bool
    pretended: bool = False
    """Nothing was registered: the person is already (`decoys`). It is told to nobody."""
