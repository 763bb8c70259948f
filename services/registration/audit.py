"""What organisers did, written in the transaction of the deed. No personal data: who a registration was for is looked up elsewhere."""

from typing import Literal
from uuid import UUID

from opentelemetry import trace

from chassis.ids import uuid7
from services.registration.organisers import Organiser
from services.registration.store import queries
from services.registration.work import Transaction

Action = Literal[
    "organisation.declared",
    "meetup.drafted",
    "meetup.updated",
    "meetup.published",
    "meetup.rescheduled",
    "meetup.cancelled",
    "invitation.made",
    "invitation.revoked",
    "registrations.listed",
    "registration.approved",
    "registration.refused",
    "attendance.scanned",
]
"""People read of them in the export of their data: each has words there."""


async def note(tx: Transaction, *, by: Organiser, action: Action, target: UUID) -> None:
    """Note an action on a meetup, one of its registrations or an organisation."""
    context = trace.get_current_span().get_span_context()
    trace_id = trace.format_trace_id(context.trace_id) if context.is_valid else None
    await queries.record_organiser_action.execute(
        tx.connection, uuid7(), tx.now(), by.token_id, action, target, trace_id
    )
