"""What this service serves and receives, as the committed documents say it."""

import json
from pathlib import Path

from chassis.asyncapi import Question, document
from chassis.health import Probes
from contracts.catalogue import EVENT_TYPES
from contracts.consumers import ANALYTICS
from contracts.records import RecordsQuery, RecordsReply
from contracts.subjects import Topology
from services.analytics.app import build
from services.analytics.settings import SERVICE

OPENAPI = Path("docs/openapi/analytics.json")
ASYNCAPI = Path("docs/asyncapi/analytics.yaml")


def openapi() -> str:
    """Return the OpenAPI document of the public surface."""
    return json.dumps(build(Probes()).openapi(), indent=2, ensure_ascii=False) + "\n"


def asyncapi() -> str:
    """Return the AsyncAPI document."""
    return document(
        title="Rencontres analytics",
        version="1.0.0",
        description=(
            "Keeps facts and sums of meetups and registrations, without anybody's data. Receives events in batches through the"
            " durable consumer `analytics`, in any order and any number of times; sends none."
        ),
        receives=[kind for kind in EVENT_TYPES if kind.aggregate in ANALYTICS.aggregates],
        answers=[
            Question(
                subject=Topology().records(SERVICE),
                request=RecordsQuery,
                reply=RecordsReply,
                meaning="The facts of one person's registrations, asked when that person wants to see what is kept.",
            )
        ],
    )
