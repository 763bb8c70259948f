"""Where a page of the programme begins, as a value of an address: the start and id of the last meetup before it."""

from datetime import UTC, datetime
from uuid import UUID

from services.registration.store.meetups import Mark


def write(mark: Mark) -> str:
    """Write a mark: `20270204T060000Z_0193f0a4…`."""
    return f"{mark.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}_{mark.meetup_id.hex}"


def read(text: str) -> Mark | None:
    """Read it; None for anything else, since nobody types these and an address cut short should still show a programme."""
    moment, _, identifier = text.partition("_")
    try:
        return Mark(datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), UUID(hex=identifier))
    except ValueError:
        return None
