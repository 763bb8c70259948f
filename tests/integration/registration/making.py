"""Meetups made as organisers make them, for tests of what the public sees."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.registration import meetups, organisations
from services.registration.domain.facets import NONE, Facets
from services.registration.domain.meetups import AttendanceMode, Part, Programme
from services.registration.editing import NewMeetup, Place, When
from services.registration.organisations import Declaration
from services.registration.organisers import Organiser, Scope
from services.registration.store.meetups import Sheet
from services.registration.work import Work

ADMIN = Organiser(token_id=uuid4(), scopes=frozenset(Scope))


async def declare(work: Work, *, name: str = "CCI d’essai", organisation_id: UUID | None = None) -> UUID:
    """Declare an organisation, or declare it anew."""
    organisation_id = organisation_id or uuid4()
    declaration = Declaration(
        id=organisation_id,
        name=name,
        kind="cci",
        email=f"ia-{organisation_id.hex[:8]}@organiser.example",
        locale="fr",
        new_registration_mail="none",
    )
    await organisations.declare(work, declaration, by=ADMIN)
    return organisation_id


async def publish(
    work: Work,
    organisation_id: UUID,
    *,
    starts: datetime,
    territory: str = "75",
    timezone: str | None = None,
    title: str = "L’IA au comptoir",
    description: str = "",
    format: str = "talk",  # noqa: A002 - the field's name
    attendance_mode: AttendanceMode = "onsite",
    venue: str = "Maison des entreprises",
    facets: Facets = NONE,
) -> Sheet:
    """Publish a meetup of two hours at a wall time of its venue."""
    new = NewMeetup(
        territory=territory,
        programme=Programme(
            title=title, description=description, format=format, attendance_mode=attendance_mode, facets=facets
        ),
        when=When(starts_local=starts, ends_local=starts + timedelta(hours=2), timezone=timezone),
        place=Place(name=venue, address="1 rue de l’Exemple"),
        capacity=30,
        overbooking_percent=0,
        organisers=[Part(organisation_id=organisation_id, role="lead")],
    )
    drafted = await meetups.draft(work, new, by=ADMIN)
    return await meetups.publish(work, drafted.meetup.id, by=ADMIN)
