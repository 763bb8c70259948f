"""What this service keeps of people's mails, for how long, and how it goes (`chassis.retention` does the nights)."""

from collections.abc import Sequence
from functools import partial

from chassis.database import Connection, Database
from chassis.retention import Kind, deleting, months
from contracts.envelope import Event
from contracts.person import PersonHeld, PersonReleased
from contracts.retention import Retention
from services.notifications.queries import QUERIES


def kinds(database: Database, keep: Retention) -> Sequence[Kind]:
    """Return them in the order in which they go."""
    delete = partial(deleting, database)
    done = months(keep.deliveries_months, "after they were sent or given up")
    over = months(keep.deliveries_months, "after the meetup")
    return (
        Kind("mails", done, due=QUERIES.due_mails, remove=delete(QUERIES.forget_mails)),
        Kind(
            "registration_copies",
            over,
            due=QUERIES.due_registration_copies,
            remove=delete(QUERIES.forget_registration_copies),
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
