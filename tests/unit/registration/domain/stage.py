"""Made-up meetups and people for the rules to work on: shared by the tests beside it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from contracts.registration import RegistrationStatus
from services.registration.domain.admitting import Held, SeatRequest, Waitlisted
from services.registration.domain.ledgers import Deadlines, Ledger
from services.registration.domain.meetups import MeetupStatus
from services.registration.domain.references import reference_from
from services.registration.domain.registrations import Mode, Registration

NOW = datetime(2027, 3, 18, 9, tzinfo=UTC)
STARTS = NOW + timedelta(days=30)
MEETUP = UUID(int=1)
DEADLINES = Deadlines()


def ledger(
    *,
    capacity: int = 3,
    overbooking_percent: int = 0,
    taken: int = 0,
    waiting: int = 0,
    status: MeetupStatus = "published",
    closes_at: datetime = STARTS,
    mode: Mode = "onsite",
    approval: bool = False,
) -> Ledger:
    return Ledger(
        meetup_id=MEETUP,
        mode=mode,
        approval=approval,
        territory="976",
        status=status,
        timezone="Indian/Mayotte",
        starts_at=STARTS,
        closes_at=closes_at,
        capacity=capacity,
        overbooking_percent=overbooking_percent,
        taken=taken,
        waiting=waiting,
        next_number=waiting + 1,
    )


def ask(person: int, *, key: str | None = None, body: bytes = b"body", mode: Mode | None = None) -> SeatRequest:
    return SeatRequest(UUID(int=person), key or f"key-{person}", body, mode)


def registration(
    status: RegistrationStatus = "held", *, number: int | None = None, expires_at: datetime | None = None
) -> Registration:
    if status in {"held", "offered"} and expires_at is None:
        expires_at = NOW + timedelta(hours=48)
    return Registration(
        id=UUID(int=2),
        version=1,
        reference=reference_from(2),
        meetup_id=MEETUP,
        mode="onsite",
        person_id=UUID(int=3),
        territory="976",
        status=status,
        headcount="1-9",
        locale="fr",
        waiting_number=number,
        expires_at=expires_at,
        registered_at=NOW,
        changed_at=NOW,
    )


def admitted(serial: int, decision: Held | Waitlisted, *, person_id: UUID, now: datetime) -> Registration:
    return Registration(
        id=UUID(int=serial),
        version=1,
        reference=reference_from(serial),
        meetup_id=MEETUP,
        mode=decision.mode,
        person_id=person_id,
        territory="976",
        status="held" if isinstance(decision, Held) else "waitlisted",
        headcount="1-9",
        locale="fr",
        waiting_number=decision.number if isinstance(decision, Waitlisted) else None,
        expires_at=decision.expires_at if isinstance(decision, Held) else None,
        registered_at=now,
        changed_at=now,
    )
