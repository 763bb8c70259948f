"""What organisers did, written in the transaction of the deed. No personal data: who a registration was for is looked up elsewhere."""

from uuid import UUID

from opentelemetry import trace

from chassis.ids import uuid7
from services.registration.organisers import Organiser
from services.registration.store import queries
from services.registration.work import Transaction


async def note(tx: Transaction, *, by: Organiser, action: str, target: UUID) -> None:
    """Note an action, such as `meetup.published`, on a meetup or an organisation."""
    context = trace.get_current_span().get_span_context()
    trace_id = trace.format_trace_id(context.trace_id) if context.is_valid else None
    await queries.record_organiser_action.execute(
        tx.connection, uuid7(), tx.now(), by.token_id, action, target, trace_id
    )
