"""Plausible registration events, as many as asked for, without a database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle

from chassis.ids import uuid7
from contracts.catalogue import REGISTRATION_CONFIRMED, REGISTRATION_HELD
from contracts.envelope import Event
from contracts.registration import RegistrationState

_TRACE = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"}
"""Not sampled: what is measured is the work, not the telemetry (which has its own figure)."""


def registrations(count: int, *, meetups: int = 50) -> Iterator[Event]:
    """Yield `count` events: every registration is held, then confirmed."""
    now = datetime.now(UTC)
    homes = cycle([uuid7() for _ in range(meetups)])
    bands = cycle(["0", "1-9", "10-49", "50-249", "250-4999", "5000+"])
    for number in range(0, count, 2):
        registration_id, meetup_id, person_id, band = uuid7(), next(homes), uuid7(), next(bands)
        for version, (kind, status) in enumerate(
            ((REGISTRATION_HELD, "held"), (REGISTRATION_CONFIRMED, "confirmed")), start=1
        ):
            state = RegistrationState(
                registration_id=registration_id,
                version=version,
                reference=f"R-{number:011d}",
                meetup_id=meetup_id,
                person_id=person_id,
                territory="976",
                status=status,  # type: ignore[arg-type]
                headcount=band,
                locale="fr",
                expires_at=now if status == "held" else None,
                registered_at=now,
                changed_at=now,
            )
            yield Event(uuid7(), kind, "/services/registration", registration_id, "976", now, state, _TRACE)
