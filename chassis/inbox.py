"""What a consumer has already acted on, so that at-least-once delivery has its effect once."""

from collections.abc import Iterable
from uuid import UUID

from chassis.database import Connection
from chassis.sql import load_queries

_queries = load_queries("chassis")


async def first_seen(connection: Connection, *, consumer: str, event_ids: Iterable[UUID]) -> set[UUID]:
    """Return the events never received before and note them, in the caller's transaction: if it fails, nothing was received."""
    rows = await _queries.mark_first_seen.fetch(connection, consumer, list(event_ids))
    return {row["event_id"] for row in rows}
