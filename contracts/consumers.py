"""Who follows the stream of events, and what of it: the durable consumers as the broker keeps them, wherever they are provisioned."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Durable:
    """A durable consumer of `EVENTS`, with a second one of the same name for what is sent back to it from the dead letters.

    `in_flight` is how many events may be handed out and not yet acknowledged.
    """

    name: str
    aggregates: tuple[str, ...]
    in_flight: int = 500


NOTIFICATIONS = Durable("notifications", ("organisation", "meetup", "registration", "attendance", "person"))
ANALYTICS = Durable("analytics", ("meetup", "registration", "attendance"), in_flight=1000)

DURABLES = (NOTIFICATIONS, ANALYTICS)

REBUILD: Final = "rebuild"
"""Reads `EVENTS` from the start while a report is filled anew: one at a time, forgotten by the broker once nobody reads."""
