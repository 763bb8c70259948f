"""Publishing again from the event log, by hand: what the relay does by itself when it sees that the stream has lost events."""

from datetime import datetime

from chassis.database import PATIENCE, connect_alone
from chassis.sql import load_queries

_queries = load_queries("chassis")


async def republish(dsn: str, *, since: datetime | None, dry_run: bool) -> int:
    """Put the events recorded since an instant (all when None) back into the outbox, and return how many.

    The relay publishes them in order. Consumers know what they have seen, so doing this twice, or for too much, costs time only.
    """
    connection = await connect_alone(dsn, application="republish", command_timeout=PATIENCE)
    try:
        if dry_run:
            count: int = await _queries.count_events_since.fetchval(connection, since)
            return count
        tag = await _queries.stage_events_since.execute(connection, since)
        return int(tag.split()[-1])
    finally:
        await connection.close()
