"""What a registration is asked with and answered by."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
        """What tells another body under the same key, every field counted; it goes with the person when that is erased."""
        digest = hashlib.sha256(
            f"{self.email_key}\0{self.full_name}\0{self.headcount}\0{self.locale}\0{self.mode}".encode()
        )
        told = (
            self.role,
            self.sector,
            self.needs,
            self.timezone,
            self.notice_version,
            self.organisation,
            self.access_needs,
        )
        more = (self.identifier, self.answers, self.consents, self.invitation)
        if self.group:
            digest.update(repr(self.group).encode())
        if any(told) or any(more):
            digest.update(
                repr((told, self.identifier, sorted(self.answers.items()), self.consents, self.invitation)).encode()
            )
        return digest.digest()

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
