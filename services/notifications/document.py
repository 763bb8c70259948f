"""What this service says on the broker, for `docs/asyncapi/notifications.yaml`."""

from chassis.asyncapi import Question, document
from contracts.catalogue import EVENT_TYPES
from contracts.consumers import NOTIFICATIONS
from contracts.contacts import ContactBook, ContactQuery
from contracts.records import RecordsQuery, RecordsReply
from contracts.subjects import Topology


def text() -> str:
    """Return the AsyncAPI document."""
    return document(
        title="Rencontres notifications",
        version="1.0.0",
        description=(
            "Writes down which mail is owed to whom, and sends it. Receives events in batches through the durable consumer"
            " `notifications`; asks for names and addresses at the moment of sending and keeps none."
        ),
        receives=[kind for kind in EVENT_TYPES if kind.aggregate in NOTIFICATIONS.aggregates],
        answers=[
            Question(
                subject=Topology().records("notifications"),
                request=RecordsQuery,
                reply=RecordsReply,
                meaning="All that is kept of one person here, asked when that person wants to see it.",
            )
        ],
        asks=[
            Question(
                subject=Topology().contacts_lookup,
                request=ContactQuery,
                reply=ContactBook,
                meaning="Asked by the sender for a batch of recipients; whoever is missing in the answer was erased.",
            )
        ],
    )
