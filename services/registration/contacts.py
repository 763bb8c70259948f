"""Answers `rencontres.contacts.lookup`: the one way on which names and addresses leave this service, asked for when mail leaves."""

from collections.abc import Sequence

from chassis.database import Connection, Database
from chassis.ids import secret_token, token_hash
from contracts.contacts import AttendeeContact, AttendeeQuery, ContactBook, ContactQuery, OrganisationContact
from services.registration.store import queries

QUEUE_GROUP = "registration"


async def look_up(database: Database, query: ContactQuery) -> ContactBook:
    """Return who can still be reached, each attendee with a fresh link of which only the hash is kept.

    Fresh for every mail, for no earlier link can be told again; they pile up to one a mail and end 30 days after the meetup.
    """
    async with database.connection() as connection:
        attendees = await _attendees(connection, query.attendees) if query.attendees else ()
        organisations = await queries.organisation_contacts.fetch(connection, list(query.organisations))
    return ContactBook(
        attendees=tuple(attendees),
        organisations=tuple(
            OrganisationContact(organisation_id=row["id"], email=row["email"], name=row["name"], locale=row["locale"])
            for row in organisations
        ),
    )


async def _attendees(connection: Connection, asked: Sequence[AttendeeQuery]) -> list[AttendeeContact]:
    asked = list({query.registration_id: query for query in asked}.values())
    tokens = [secret_token() for _ in asked]
    hashes = {token_hash(token): token for token in tokens}
    rows = await queries.mint_manage_tokens.fetch(
        connection, [query.registration_id for query in asked], [query.person_id for query in asked], list(hashes)
    )
    return [
        AttendeeContact(
            person_id=row["person_id"],
            registration_id=row["registration_id"],
            email=row["email"],
            full_name=row["full_name"],
            locale=row["locale"],
            manage_token=hashes[row["token_hash"]],
            join_url=row["join_url"],
        )
        for row in rows
    ]
