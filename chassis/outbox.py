"""The write side of the outbox: events are part of the transaction that makes them true, whatever becomes of the broker."""

from collections.abc import Sequence

from chassis.database import Connection
from chassis.sql import load_queries
from contracts.envelope import Event, encode
from contracts.subjects import Topology

CHANNEL = "outbox"
"""Notified (by `wakeup.Waker`, after the commit) when there is something to publish."""

_queries = load_queries("chassis")


async def stage(connection: Connection, events: Sequence[Event], topology: Topology) -> None:
    """Write events to the log and the outbox, in order, within the caller's transaction.

    The caller holds the lock of every aggregate concerned, so that the positions of one aggregate grow in the order of its commits.
    """
    if not events:
        return
    messages = [encode(event, topology) for event in events]
    await _queries.stage_events.execute(
        connection,
        [event.id for event in events],
        [event.type.name for event in events],
        [event.aggregate_id for event in events],
        [message.subject for message in messages],
        [message.headers for message in messages],
        [message.body.decode() for message in messages],
    )
