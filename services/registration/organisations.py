"""Organisations that hold meetups, as they declare themselves."""

from dataclasses import dataclass
from uuid import UUID

from chassis.telemetry import current_trace
from contracts.fact import Locale
from contracts.organisation import NewRegistrationMail, OrganisationState
from services.registration.audit import note
from services.registration.events import organisation_event
from services.registration.organisers import Organiser
from services.registration.store import programme as programme_store
from services.registration.store import queries
from services.registration.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What is said of an organisation. `email` is where its mail goes; it stays in this service."""

    id: UUID
    name: str
    kind: str
    email: str
    locale: Locale
    new_registration_mail: NewRegistrationMail


async def declare(work: Work, declaration: Declaration, *, by: Organiser) -> OrganisationState:
    """Add an organisation, or replace what is known of it."""
    async with work.transaction() as tx:
        now = tx.now()
        version: int = await queries.declare_organisation.fetchval(
            tx.connection,
            declaration.id,
            declaration.name,
            declaration.kind,
            declaration.email,
            declaration.locale,
            declaration.new_registration_mail,
            now,
        )
        if version > 1:
            await programme_store.rename_organiser(tx.connection, declaration.id)
        state = OrganisationState(
            organisation_id=declaration.id,
            version=version,
            name=declaration.name,
            kind=declaration.kind,
            locale=declaration.locale,
            new_registration_mail=declaration.new_registration_mail,
            changed_at=now,
        )
        await note(tx, by=by, action="organisation.declared", target=declaration.id)
        tx.tell([organisation_event(state, trace=current_trace())])
    return state
