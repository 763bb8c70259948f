"""What this service serves, sends and answers, as the committed documents say it."""

import json
from pathlib import Path

from chassis.asyncapi import Question, document
from chassis.health import Probes
from contracts.catalogue import EVENT_TYPES
from contracts.contacts import ContactBook, ContactQuery
from contracts.records import RecordsQuery, RecordsReply
from contracts.subjects import Topology
from services.registration.app import build
from services.registration.people.asking import OTHERS

OPENAPI = Path("docs/openapi/registration.json")
ASYNCAPI = Path("docs/asyncapi/registration.yaml")


def openapi() -> str:
    """Return the OpenAPI document of the public surface."""
    return json.dumps(build(Probes()).openapi(), indent=2, ensure_ascii=False) + "\n"


def asyncapi() -> str:
    """Return the AsyncAPI document."""
    return document(
        title="Rencontres registration",
        version="1.0.0",
        description=(
            "Owns meetups, organisations, people, registrations and attendance. Sends every event there is, through its outbox and"
            " in the order of its commits; answers who is behind an id to the sender of mail alone."
        ),
        sends=EVENT_TYPES,
        asks=[
            Question(
                subject=Topology().records(service),
                request=RecordsQuery,
                reply=RecordsReply,
                meaning=f"What {service} keeps of one person, asked when that person wants to see it.",
            )
            for service in OTHERS
        ],
        answers=[
            Question(
                subject=Topology().contacts_lookup,
                request=ContactQuery,
                reply=ContactBook,
                meaning="Names and addresses of a batch of recipients; whoever is missing in the answer was erased.",
            )
        ],
    )
