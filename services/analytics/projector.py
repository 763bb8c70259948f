"""Events in: each batch becomes facts and sums. Order and repetition mean nothing to it, so several batches may be under way."""

import gc
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chassis import telemetry
from chassis.consumer import Consumer
from chassis.database import Database
from contracts.consumers import ANALYTICS
from contracts.envelope import Event
from services.analytics.domain.batch import reduce
from services.analytics.store import LIVE, project

LANES: Final = 2
_MANY_OBJECTS: Final = 50_000

_meter = telemetry.meter("analytics")
_applied = _meter.create_counter("rencontres.projection.events", description="Events applied to the reports.")
_changed = _meter.create_counter("rencontres.projection.changes", description="Facts that these events changed.")
_delay = telemetry.Gauge(
    "rencontres.projection.delay",
    unit="s",
    description="From the youngest event of a batch to its place in the reports.",
)


class Projector:
    """Handles the batches of the consumer `analytics`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def consumer(self) -> Consumer:
        """How the batches are taken from the stream."""
        return Consumer(ANALYTICS, self.handle, lanes=LANES)

    async def handle(self, events: Sequence[Event]) -> None:
        """Apply a batch; once this returns it is committed."""
        batch = reduce(events)
        changed = await project(self._database, batch, into=LIVE)
        _applied.add(len(events))
        _changed.add(changed)
        if batch.last_event_at is not None:
            _delay.set(_age(batch.last_event_at))


def spare_the_collector() -> None:
    """Events come and go by the batch and hold no cycles: looking for some after every 700 objects took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_MANY_OBJECTS)


def _age(moment: datetime) -> float:
    return max(0.0, time.time() - moment.timestamp())
