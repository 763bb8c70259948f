"""What the reports keep of somebody's registrations is told to who may ask, and nothing of anybody else."""

from uuid import uuid4

from chassis.database import Database
from contracts.records import RecordsQuery
from services.analytics.records import records_of
from tests.fixtures.reporting import meetup, registration
from tests.integration.analytics.conftest import apply


async def test_the_facts_of_the_registrations_named_are_told(database: Database) -> None:
    place = meetup()
    mine, others = registration(place.aggregate_id, attended=True, status="confirmed"), registration(place.aggregate_id)
    await apply(database, [place, mine, others])
    query = RecordsQuery(person_id=uuid4(), registration_ids=(mine.aggregate_id,))
    [facts] = (await records_of(database, query)).records
    assert facts.kind == "report_facts"
    [row] = facts.rows
    assert (row["registration_id"], row["attended"]) == (str(mine.aggregate_id), True)


async def test_somebody_of_whom_nothing_is_kept_gets_an_empty_answer(database: Database) -> None:
    query = RecordsQuery(person_id=uuid4(), registration_ids=(uuid4(),))
    assert (await records_of(database, query)).records == ()
