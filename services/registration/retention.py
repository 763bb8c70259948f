"""What this service keeps, by kind of data, for how long, and how each goes when its time is over (`chassis.retention` does the nights).

Links, keys of forms and decoys live for hours or days and go by the minute (`sweeping`); they are no business of the night.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from chassis.retention import Kind, days_before, months_before
from chassis.sql import Query
from services.registration.people.erasing import erase_left_over
from services.registration.store import queries
from services.registration.work import Work


def kinds(work: Work) -> Sequence[Kind]:
    """Return them in the order in which they go: people last, for whom the others may have left nothing."""
    keep = work.retention
    return (
        Kind(
            name="unconfirmed",
            rule=f"{keep.unconfirmed_days} days after it expired unconfirmed",
            before=days_before(keep.unconfirmed_days),
            due=queries.due_unconfirmed,
            remove=partial(_detach, work, queries.batch_unconfirmed),
        ),
        Kind(
            name="named_by_others",
            rule=f"{keep.unconfirmed_days} days after they declined, or waited in vain",
            before=days_before(keep.unconfirmed_days),
            due=queries.due_named,
            remove=partial(_detach, work, queries.batch_named),
        ),
        Kind(
            name="access_needs",
            rule=f"{keep.access_needs_days} days after the meetup",
            before=days_before(keep.access_needs_days),
            due=queries.due_access_needs,
            remove=_deleting(work, queries.forget_access_needs),
        ),
        Kind(
            name="attendance",
            rule=f"{keep.attendance_months} months after the meetup",
            before=months_before(keep.attendance_months),
            due=queries.due_attendance,
            remove=partial(_detach, work, queries.batch_attendance),
        ),
        Kind(
            name="scans",
            rule=f"{keep.attendance_months} months after the meetup",
            before=months_before(keep.attendance_months),
            due=queries.due_scans,
            remove=_deleting(work, queries.forget_scans),
        ),
        Kind(
            name="consents",
            rule=f"{keep.consents_months} months after the person was last heard of",
            before=months_before(keep.consents_months),
            due=queries.due_consents,
            remove=_deleting(work, queries.forget_consents),
        ),
        Kind(
            name="organiser_accesses",
            rule=f"{keep.accesses_months} months",
            before=months_before(keep.accesses_months),
            due=queries.due_organiser_actions,
            remove=_deleting(work, queries.forget_organiser_actions),
        ),
        Kind(
            name="person_accesses",
            rule=f"{keep.accesses_months} months",
            before=months_before(keep.accesses_months),
            due=queries.due_person_accesses,
            remove=_deleting(work, queries.forget_person_accesses),
        ),
        Kind(
            name="people",
            rule="as soon as they have neither a registration nor a consent that holds",
            before=days_before(0),
            due=queries.due_people,
            remove=partial(_erase, work),
        ),
    )


def _deleting(work: Work, statement: Query) -> Callable[[datetime, int], Awaitable[int]]:
    async def delete(before: datetime, limit: int) -> int:
        async with work.database.patient() as connection:
            return int((await statement.execute(connection, before, limit)).split()[-1])

    return delete


async def _detach(work: Work, batch: Query, before: datetime, limit: int) -> int:
    async with work.database.patient() as connection, connection.transaction():
        rows = await batch.fetch(connection, before, limit)
        ids: list[UUID] = [row["registration_id"] for row in rows]
        # People before attendees, as an erasure takes them.
        await queries.lock_people.fetch(connection, list({row["person_id"] for row in rows}))
        return int((await queries.detach_registrations.execute(connection, ids)).split()[-1])


async def _erase(work: Work, before: datetime, limit: int) -> int:
    async with work.database.patient() as connection:
        rows = await queries.batch_people.fetch(connection, before, limit)
    return sum([await erase_left_over(work, row["id"]) for row in rows])
