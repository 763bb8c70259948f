"""What somebody told with a registration, as it is kept: facts on the registration, personal details beside the name."""

from uuid import UUID

from chassis.database import Connection
from services.registration.domain.details import Details
from services.registration.domain.identifiers import Identifier
from services.registration.store import queries


async def of(connection: Connection, registration_id: UUID) -> Details | None:
    """Return it; None once the person is forgotten."""
    row = await queries.details_of_registration.fetchrow(connection, registration_id)
    if row is None:
        return None
    return Details(
        full_name=row["full_name"],
        headcount=row["headcount"],
        organisation=row["organisation"],
        identifier=Identifier(row["identifier_scheme"], row["identifier_value"]) if row["identifier_scheme"] else None,
        role=row["role"],
        sector=row["sector"],
        needs=tuple(row["needs"]) if row["needs"] is not None else None,
        access_needs=row["access_needs"],
        answers={question: tuple(answer) for question, answer in (row["answers"] or {}).items()},
    )


async def write(connection: Connection, registration_id: UUID, told: Details) -> None:
    """Write it anew."""
    await queries.correct_details.execute(
        connection,
        registration_id,
        told.headcount,
        told.role,
        told.sector,
        told.needs,
        told.full_name,
        told.organisation,
        told.identifier.scheme if told.identifier else None,
        told.identifier.value if told.identifier else None,
        told.access_needs,
        told.answers or None,
    )
