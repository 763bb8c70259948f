"""Who came through the door. Scans come late, twice and out of order from phones without network; the result does not depend on it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.registration.domain.registrations import Registration

ScanKind = Literal["in", "undo"]
ScanResult = Literal[
    "checked_in", "already_in", "undone", "not_in", "outdated", "unknown", "not_confirmed", "cancelled", "expired"
]
"""What a scan came to. The first four did what they say or found it done; `outdated` lost to a later scan of the same person."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One reading of a code, named by the device (`id`) so that sending it again changes nothing. `scanned_at` is the device's clock."""

    id: UUID
    reference: str
    kind: ScanKind
    scanned_at: datetime


def apply_scan(
    registration: Registration | None, scan: Scan, *, now: datetime
) -> tuple[Registration | None, ScanResult]:
    """Return the registration after a scan, and the result for the person at the door.

    The latest scan by the device's clock wins, whatever the order of arrival; a clock that runs ahead counts as now, so that it
    cannot bar every later correction.
    """
    if registration is None:
        return None, "unknown"
    if registration.status != "confirmed":
        return registration, _turned_away(registration)
    moment = min(scan.scanned_at, now)
    if registration.last_scan_at is not None and moment < registration.last_scan_at:
        return registration, "outdated"
    attended = scan.kind == "in"
    if attended == registration.attended:
        return replace(registration, last_scan_at=moment), "already_in" if attended else "not_in"
    changed = replace(
        registration,
        attended=attended,
        attended_at=moment if attended else None,
        last_scan_at=moment,
        version=registration.version + 1,
        changed_at=now,
    )
    return changed, "checked_in" if attended else "undone"


def _turned_away(registration: Registration) -> ScanResult:
    match registration.status:
        case "cancelled":
            return "cancelled"
        case "expired":
            return "expired"
        case _:
            return "not_confirmed"
