"""All rows about one person's registrations in the reports, for that person to see: answers `<prefix>.records.analytics`.

No table here knows a person; the registration service, which does, names the registrations.
"""

from chassis.database import Database
from contracts.records import RecordSet, RecordsQuery, RecordsReply
from services.analytics.settings import SERVICE
from services.analytics.store import QUERIES

QUEUE_GROUP = "analytics-records"


async def records_of(database: Database, query: RecordsQuery) -> RecordsReply:
    """Return the fact of each registration, attendance included."""
    async with database.connection() as connection:
        rows = await QUERIES.facts_of_registrations.fetch(connection, list(query.registration_ids))
    facts = RecordSet(kind="report_facts", rows=tuple(row["row"] for row in rows))
    return RecordsReply(service=SERVICE, records=(facts,) if rows else ())
