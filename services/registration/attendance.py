"""Check-in at the door: batches of scans from phones that may have been without network for a while."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.problems import NotFound
from chassis.telemetry import current_trace
from contracts import catalogue
from contracts.fact import Locale
from contracts.registration import RegistrationStatus
from services.registration.audit import note
from services.registration.domain.attendance import Scan, ScanResult, apply_scan
from services.registration.domain.references import read_reference
from services.registration.domain.registrations import Approval, Mode, Registration
from services.registration.domain.tickets import read_code
from services.registration.events import registration_event
from services.registration.organisers import Organiser
from services.registration.store import ledgers as ledger_store
from services.registration.store import meetups as meetup_store
from services.registration.store import queries
from services.registration.store import registrations as registration_store
from services.registration.work import Transaction, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What one scan came to; `repeated` when it had been received before."""

    scan: Scan
    result: ScanResult
    repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """A registration as the organisers see it; what says who it is for is None once the person was erased.

    `answers` are those to the organisers' own questions, by their ids.
    """

    id: UUID
    reference: str
    status: RegistrationStatus
    mode: Mode
    approval: Approval | None
    position: int | None
    full_name: str | None
    email: str | None
    organisation: str | None
    identifier_scheme: str | None
    identifier_value: str | None
    headcount: str
    role: str | None
    sector: str | None
    needs: list[str] | None
    access_needs: str | None
    answers: dict[str, list[str]] | None
    locale: Locale
    attended: bool
    attended_at: datetime | None
    expires_at: datetime | None
    registered_at: datetime


async def attendees(
    work: Work, meetup_id: UUID, *, status: RegistrationStatus | None, after: UUID | None, limit: int, by: Organiser
) -> tuple[list[Attendee], bool]:
    """Return a page of a meetup's registrations in order of arrival, and whether there are more. Looking at names is noted.

    Raises:
        NotFound: there is no such meetup.
    """
    async with work.transaction() as tx:
        if not await meetup_store.by_ids(tx.connection, [meetup_id]):
            raise NotFound
        await note(tx, by=by, action="registrations.listed", target=meetup_id)
        rows = await queries.attendee_page.fetch(tx.connection, meetup_id, status, after, limit + 1)
    found = [Attendee(**{name: row[name] for name in Attendee.__slots__}) for row in rows[:limit]]
    return found, len(rows) > limit


async def check_in(work: Work, meetup_id: UUID, scans: Sequence[Scan], *, by: Organiser) -> list[Scanned]:
    """Take a batch of scans, each with its result in the order given; those received before keep their first result.

    Raises:
        NotFound: there is no such meetup.
    """
    async with work.transaction() as tx:
        if not await ledger_store.lock(tx.connection, [meetup_id]):
            raise NotFound
        tickets = {ticket for scan in scans if (ticket := read_code(scan.reference)) is not None}
        held = await registration_store.by_ticket(tx.connection, meetup_id, tickets) if tickets else {}
        references = {scan.id: _reference(scan, held) for scan in scans}
        before = await registration_store.by_reference(tx.connection, meetup_id, set(references.values()))
        known = await queries.known_scans.fetch(tx.connection, list(references))
        results: dict[UUID, ScanResult] = {row["scan_id"]: row["result"] for row in known}
        repeated = set(results)
        new = sorted(
            {scan.id: scan for scan in scans if scan.id not in repeated}.values(), key=lambda scan: scan.scanned_at
        )
        after = dict(before)
        for scan in new:
            results[scan.id] = _take(tx, scan, after, reference=references[scan.id])
        await registration_store.write(tx.connection, [r for code, r in after.items() if r is not before[code]])
        await queries.record_scans.execute(
            tx.connection,
            meetup_id,
            tx.now(),
            [scan.id for scan in new],
            [after[code].id if (code := references[scan.id]) in after else None for scan in new],
            [scan.kind for scan in new],
            [results[scan.id] for scan in new],
            [scan.scanned_at for scan in new],
        )
        await note(tx, by=by, action="attendance.scanned", target=meetup_id)
    answers = []
    for scan in scans:
        answers.append(Scanned(scan=scan, result=results[scan.id], repeated=scan.id in repeated))
        repeated.add(scan.id)
    return answers


def _reference(scan: Scan, held: Mapping[UUID, Registration]) -> str:
    """Return whose code was read, or which reference was typed."""
    if (ticket := read_code(scan.reference)) is not None:
        return held[ticket].reference if ticket in held else ""
    return read_reference(scan.reference) or ""


def _take(tx: Transaction, scan: Scan, registrations: dict[str, Registration], *, reference: str) -> ScanResult:
    before = registrations.get(reference)
    after, result = apply_scan(before, scan, now=tx.now())
    if after is None or before is None:
        return result
    registrations[reference] = after
    if after.version != before.version:
        kind = catalogue.ATTENDANCE_CHECKED_IN if after.attended else catalogue.ATTENDANCE_UNDONE
        tx.tell([registration_event(after, kind=kind, trace=current_trace())])
    return result
