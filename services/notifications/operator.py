"""What an operator asks about mails that were given up, and what can be done about them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.database import Database
from services.notifications.handlers import CHANNEL
from services.notifications.queries import QUERIES


async def failed_deliveries(database: Database, *, limit: int) -> list[dict[str, str | int | None]]:
    """Return the mails given up, newest first: opaque ids, kinds and codes."""
    async with database.connection() as connection:
        rows = await QUERIES.failed_deliveries.fetch(connection, limit)
    return [{key: _shown(value) for key, value in row.items()} for row in rows]


async def resend(database: Database, delivery_ids: Sequence[UUID], *, now: datetime) -> int:
    """Put failed mails back into their lanes, due now; return how many were failed ones."""
    async with database.connection() as connection:
        count = await QUERIES.resend_failed.fetchval(connection, delivery_ids, now)
        await connection.execute(f"NOTIFY {CHANNEL}")
    return int(str(count))


def _shown(value: object) -> str | int | None:
    return value if value is None or isinstance(value, int) else str(value)
