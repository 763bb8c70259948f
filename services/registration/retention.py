"""What this service keeps, by kind of data, for how long, and how each goes when its time is over (`chassis.retention` does the nights).

Links, keys of forms and decoys live for hours or days and go by the minute (`sweeping`); they are no business of the night.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from chassis.retention import Kind, Remove, at_once, days, deleting, months
from chassis.sql import Query
from services.registration.people.erasing import erase_left_over
from services.registration.store import queries
from services.registration.work import Work


def kinds(work: Work) -> Sequence[Kind]:
    """Return them in the order in which they go: people last, for whom the others may have left nothing."""
    keep, delete, detach = work.retention, partial(deleting, work.database), partial(_detaching, work)
    unconfirmed = days(keep.unconfirmed_days, "after it expired unconfirmed")
    declined = days(keep.unconfirmed_days, "after they declined, or waited in vain")
    welcomed = days(keep.access_needs_days, "after the meetup")
    attended = months(keep.attendance_months, "after the meetup")
    agreed = months(keep.consents_months, "after the person was last heard of")
    accessed = months(keep.accesses_months, "after it was noted")
    left_over = at_once("they have neither a registration nor a consent that holds")
    return (
        Kind("unconfirmed", unconfirmed, due=queries.due_unconfirmed, remove=detach(queries.batch_unconfirmed)),
        Kind("named_by_others", declined, due=queries.due_named, remove=detach(queries.batch_named)),
        Kind("access_needs", welcomed, due=queries.due_access_needs, remove=delete(queries.forget_access_needs)),
        Kind("attendance", attended, due=queries.due_attendance, remove=detach(queries.batch_attendance)),
        Kind("scans", attended, due=queries.due_scans, remove=delete(queries.forget_scans)),
        Kind("consents", agreed, due=queries.due_consents, remove=delete(queries.forget_consents)),
        Kind(
            "organiser_accesses",
            accessed,
            due=queries.due_organiser_actions,
            remove=delete(queries.forget_organiser_actions),
        ),
        Kind(
            "person_accesses", accessed, due=queries.due_person_accesses, remove=delete(queries.forget_person_accesses)
        ),
        Kind("people", left_over, due=queries.due_people, remove=_erasing(work)),
    )


def _detaching(work: Work, batch: Query) -> Remove:
    """Takes people off a batch of registrations."""

    async def detach(before: datetime, limit: int) -> int:
        async with work.database.patient() as connection, connection.transaction():
            rows = await batch.fetch(connection, before, limit)
            ids: list[UUID] = [row["registration_id"] for row in rows]
            # People before attendees, as an erasure takes them.
            await queries.lock_people.fetch(connection, list({row["person_id"] for row in rows}))
            return int((await queries.detach_registrations.execute(connection, ids)).split()[-1])

    return detach


def _erasing(work: Work) -> Remove:
    """Erases a batch of people, each in a transaction of its own."""

    async def erase(before: datetime, limit: int) -> int:
        async with work.database.patient() as connection:
            rows = await queries.batch_people.fetch(connection, before, limit)
        return sum([await erase_left_over(work, row["id"]) for row in rows])

    return erase
