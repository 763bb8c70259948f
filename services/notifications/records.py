"""All rows about one person in this service, for that person to see: answers `<prefix>.records.notifications`."""

from chassis.database import Database
from contracts.records import RecordSet, RecordsQuery, RecordsReply
from services.notifications.queries import QUERIES

SERVICE = "notifications"
QUEUE_GROUP = "notifications-records"

KINDS = {
    "mails": QUERIES.mails_of_person,
    "registration_copies": QUERIES.registrations_of_person,
    "mail_lanes": QUERIES.lanes_of_person,
}


async def records_of(database: Database, query: RecordsQuery) -> RecordsReply:
    """Return every row that carries the person's id or the id of one of the registrations; in a further part, only the latter."""
    person_id = None if query.continued else query.person_id
    async with database.connection() as connection:
        sets = [
            RecordSet(kind=kind, rows=tuple(row["row"] for row in rows))
            for kind, statement in KINDS.items()
            if (rows := await statement.fetch(connection, person_id, list(query.registration_ids)))
        ]
    return RecordsReply(service=SERVICE, records=tuple(sets))
