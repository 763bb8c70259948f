"""Notes who had somebody's data in hand, or changed them at the person's wish; it stands in the person's next export."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.database import Connection
from chassis.ids import uuid7
from services.registration.people.finding import Channel
from services.registration.store import queries

Use = Literal["exported", "rectified", "objected", "consents_changed", "held", "released"]


async def note_use(connection: Connection, person_id: UUID, use: Use, *, by: Channel, now: datetime) -> None:
    """Note it, in the transaction of the deed."""
    await queries.note_person_access.execute(connection, uuid7(), person_id, now, use, by)
