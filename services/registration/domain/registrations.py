"""One registration and the ways its status may go. Seats are counted beside it (`seats.py`): change both together.

held ──confirm──▶ confirmed ◀──confirm── offered ◀──offer── waitlisted
╰─── expire ──▶ expired   ◀── expire ────╯       all four ── cancel ──▶ cancelled
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from contracts.fact import Locale
from contracts.registration import CancelledBy, RegistrationStatus
from services.registration.domain.refusals import (
    NoSeatToConfirm,
    NothingToApprove,
    RegistrationCancelled,
    RegistrationExpired,
)

Mode = Literal["onsite", "online"]
Approval = Literal["pending", "granted", "refused"]
NamedBy = Literal["colleague", "predecessor"]
"""Who else gave somebody's name and address: on a form of their own, or handing their seat over."""


class Room(NamedTuple):
    """The seats of one way of attending a meetup. A hybrid meetup has two, any other one."""

    meetup_id: UUID
    mode: Mode


SEATED: frozenset[RegistrationStatus] = frozenset({"held", "offered", "confirmed"})
"""Each of these takes one seat."""

ACTIVE = SEATED | {"waitlisted"}
"""A person has at most one of these in a meetup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A person's way into one meetup. `version` grows by one with every change; who the person is stands elsewhere.

    `waiting_number` keeps the order of arrival, also that of requests which wait for an organiser's word (`approval`). `calendar_changes`
    counts how often its entry in a calendar got another place (`contracts/calendar_entry.py`). `named_by` is None where they came by themselves.
    """

    id: UUID
    version: int
    reference: str
    meetup_id: UUID
    person_id: UUID
    mode: Mode
    hybrid: bool = False
    territory: str
    status: RegistrationStatus
    headcount: str
    locale: Locale
    waiting_number: int | None
    expires_at: datetime | None
    cancelled_by: CancelledBy | None = None
    attended: bool = False
    attended_at: datetime | None = None
    last_scan_at: datetime | None = None
    approval: Approval | None = None
    offered_at: datetime | None = None
    role: str | None = None
    sector: str | None = None
    needs: tuple[str, ...] | None = None
    timezone: str | None = None
    notice_version: str | None = None
    calendar_changes: int = 0
    named_by: NamedBy | None = None
    registered_at: datetime
    changed_at: datetime

    @property
    def room(self) -> Room:
        """Which seats it is about."""
        return Room(self.meetup_id, self.mode)

    @property
    def in_line(self) -> bool:
        """Whether it has a rank on the waiting list: nobody has one before an organiser has said yes."""
        return self.status == "waitlisted" and self.approval != "pending"

    @property
    def seated(self) -> bool:
        """Whether it takes a seat."""
        return self.status in SEATED

    @property
    def active(self) -> bool:
        """Whether it takes a seat or waits for one."""
        return self.status in ACTIVE

    def confirm(self, *, now: datetime) -> "Registration":
        """Make the seat theirs: the address was proven, or the offer accepted. Once confirmed, returns itself.

        Raises:
            RegistrationExpired, RegistrationCancelled, NoSeatToConfirm.
        """
        match self.status:
            case "confirmed":
                return self
            case "held" | "offered":
                if self.due(now=now):
                    raise RegistrationExpired
                return self._become("confirmed", now=now)
            case "waitlisted":
                raise NoSeatToConfirm
            case "expired":
                raise RegistrationExpired
            case "cancelled":
                raise RegistrationCancelled

    def cancel(self, *, by: CancelledBy, now: datetime) -> "Registration":
        """Give it back. Once cancelled, returns itself, so that a seat goes back once.

        Raises:
            RegistrationExpired: there is nothing left to give back.
        """
        if self.status == "cancelled":
            return self
        if self.status == "expired":
            raise RegistrationExpired
        return replace(self._become("cancelled", now=now), cancelled_by=by, attended=False, attended_at=None)

    def due(self, *, now: datetime) -> bool:
        """Whether its hold or offer has run out."""
        return self.status in {"held", "offered"} and self.expires_at is not None and self.expires_at <= now

    def expire(self, *, now: datetime) -> "Registration":
        """Let a hold or an offer that has run out go; anything else stays as it is, so that sweeping twice is harmless."""
        return self._become("expired", now=now) if self.due(now=now) else self

    def offer(self, *, until: datetime, now: datetime) -> "Registration":
        """Offer a released seat to somebody who waits. Called by the one promotion path, `seats.promote`."""
        if not self.in_line:
            raise ValueError(f"a seat is offered to those in line, not to the {self.status}")
        return replace(self._become("offered", now=now), expires_at=until, offered_at=now)

    def take_over(self, mode: Mode, *, number: int | None, until: datetime, now: datetime) -> "Registration":
        """Be offered the seat that somebody gives away, whatever this one waits for; no organiser's word is awaited any more."""
        if self.status != "waitlisted":
            raise ValueError(f"a seat is handed to those who wait, not to the {self.status}")
        approval = None if self.approval == "pending" else self.approval
        waits_here = replace(self, mode=mode, waiting_number=number, approval=approval)
        return waits_here.offer(until=until, now=now)

    def grant(self, *, now: datetime) -> "Registration":
        """Give a request the place in line of the day it came. Once granted, returns itself."""
        if self.approval == "granted":
            return self
        if self.approval != "pending" or self.status != "waitlisted":
            raise NothingToApprove
        return replace(self, approval="granted", version=self.version + 1, changed_at=now)

    def refuse(self, *, now: datetime) -> "Registration":
        """Say no to a request. Once refused, returns itself."""
        if self.approval == "refused":
            return self
        if self.approval != "pending" or self.status != "waitlisted":
            raise NothingToApprove
        return replace(self.cancel(by="organiser", now=now), approval="refused")

    def move(self, mode: Mode, *, number: int | None, now: datetime) -> "Registration":
        """Attend in the other way: confirmed there, since the mailed link proves the address; a request for approval with its new `number`."""
        if self.approval == "pending":
            return replace(self, mode=mode, waiting_number=number, version=self.version + 1, changed_at=now)
        changes = self.calendar_changes + (self.status == "confirmed")
        return replace(self._become("confirmed", now=now), mode=mode, waiting_number=None, calendar_changes=changes)

    def correct(
        self, *, headcount: str, role: str | None, sector: str | None, needs: tuple[str, ...] | None, now: datetime
    ) -> "Registration":
        """Tell other facts of the firm and of oneself, whatever the status. The same ones again return itself."""
        told = replace(self, headcount=headcount, role=role, sector=sector, needs=needs)
        return self if told == self else replace(told, version=self.version + 1, changed_at=now)

    def _become(self, status: RegistrationStatus, *, now: datetime) -> "Registration":
        return replace(self, status=status, version=self.version + 1, expires_at=None, changed_at=now)
