"""What a registration is asked with and answered by."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.fact import Locale
from services.registration.domain.registrations import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Somebody wishes to come. `email` is as typed, `email_key` what makes two spellings one person; `key` is the idempotency key.

    Facts of the firm and the attendee are codes of vocabularies; what was not asked or not answered is None.
    """

    meetup_id: UUID
    email: str
    email_key: str
    full_name: str
    headcount: str
    locale: Locale
    key: str
    mode: Mode | None = None
    role: str | None = None
    sector: str | None = None
    needs: tuple[str, ...] | None = None
    timezone: str | None = None
    notice_version: str | None = None

    def fingerprint(self) -> bytes:
        """What tells another body under the same key; it goes with the person when that is erased."""
        needs = None if self.needs is None else ",".join(self.needs)
        told = (self.email_key, self.full_name, self.headcount, self.locale, self.mode, self.role, self.sector, needs)
        return hashlib.sha256("\0".join(part or "" for part in (*told, self.timezone)).encode()).digest()


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
