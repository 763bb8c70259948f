"""What this service keeps of people's mails, for how long, and how it goes (`chassis.retention` does the nights)."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from chassis.database import Connection, Database
from chassis.retention import Kind, months_before
from chassis.sql import Query
from contracts.envelope import Event
from contracts.person import PersonHeld, PersonReleased
from contracts.retention import Retention
from services.notifications.queries import QUERIES


def kinds(database: Database, keep: Retention) -> Sequence[Kind]:
    """Return them in the order in which they go."""
    before = months_before(keep.deliveries_months)
    return (
        Kind(
            name="mails",
            rule=f"{keep.deliveries_months} months after they were sent or given up",
            before=before,
            due=QUERIES.due_mails,
            remove=_deleting(database, QUERIES.forget_mails),
        ),
        Kind(
            name="registration_copies",
            rule=f"{keep.deliveries_months} months after the meetup",
            before=before,
            due=QUERIES.due_registration_copies,
            remove=_deleting(database, QUERIES.forget_registration_copies),
        ),
    )


async def note_holds(connection: Connection, events: Sequence[Event]) -> None:
    """Write down who is held for a legal claim, and who no longer."""
    for event in events:
        match event.data:
            case PersonHeld() as held:
                await QUERIES.keep_hold.execute(connection, held.person_id, held.held_at)
            case PersonReleased() as released:
                await QUERIES.drop_hold.execute(connection, released.person_id)


def _deleting(database: Database, statement: Query) -> Callable[[datetime, int], Awaitable[int]]:
    async def delete(before: datetime, limit: int) -> int:
        async with database.patient() as connection:
            return int((await statement.execute(connection, before, limit)).split()[-1])

    return delete
