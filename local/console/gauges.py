"""What operators watch, read from the metrics of all processes: what waits, for how long, and what must be zero."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from local.console import formats
from local.console.levels import Level
from local.console.prometheus_text import Sample


@dataclass(frozen=True, slots=True)
class Signal:
    """One value with its judgement and what it means."""

    name: str
    value: float | None
    words: str
    meaning: str
    level: Level


@dataclass(frozen=True, slots=True)
class Consumer:
    """How far one consumer is behind its stream, and how many messages it could not handle."""

    name: str
    lag: float | None
    dead_letters: float | None
    level: Level

    @property
    def words(self) -> str:
        """Its state in a few words."""
        if self.dead_letters:
            return "has dead letters"
        if self.lag is None:
            return "not reported"
        return "is behind" if self.level > Level.WELL else "keeps up"


@dataclass(frozen=True, slots=True)
class Gauges:
    """Signals first, then consumers by name."""

    signals: list[Signal]
    consumers: list[Consumer]

    @property
    def level(self) -> Level:
        """The worst of them."""
        return max((Level.UNKNOWN, *(s.level for s in self.signals), *(c.level for c in self.consumers)))


@dataclass(frozen=True, slots=True)
class _Watch:
    metric: str
    name: str
    meaning: str
    attention: float
    trouble: float
    words: Callable[[float], str]


_LAG = "rencontres_consumer_lag_messages"
_DEAD = "rencontres_dead_letters_messages"
_LAG_ATTENTION, _LAG_TROUBLE = 1_000, 100_000

_WATCHES = (
    _Watch("rencontres_seats_oversold", "Seats oversold", "above what capacity and overbooking allow; must be zero",
           1, 1, formats.number),
    _Watch(_DEAD, "Dead letters", "messages no handler could take; rencontres dead-letters shows them",
           1, 1, formats.number),
    _Watch("rencontres_outbox_age_seconds", "Outbox age", "how long the oldest event has waited for the relay",
           5, 60, formats.seconds),
    _Watch("rencontres_outbox_rows", "Outbox", "events waiting for the relay", 10_000, 1_000_000, formats.number),
    _Watch(_LAG, "Consumer lag", "events not handled yet, all consumers", _LAG_ATTENTION, _LAG_TROUBLE, formats.number),
    _Watch("rencontres_delivery_age_seconds", "Delivery age", "how long the oldest due mail has waited",
           30, 600, formats.seconds),
    _Watch("rencontres_deliveries_failed", "Mails given up", "refused for good, until an operator sends them again", 1, 1, formats.number),
    _Watch("rencontres_deliveries_waiting", "Mails waiting", "deliveries not sent yet", 10_000, 1_000_000, formats.number),
)  # fmt: skip


def read_gauges(samples: Sequence[Sample]) -> Gauges:
    """Judge what was reported. Two processes that report the same thing saw it at two moments: the worse counts."""
    worst: dict[tuple[str, str], float] = {}
    for sample in samples:
        key = (sample.name, sample.labels.get("consumer", ""))
        worst[key] = max(sample.value, worst.get(key, sample.value))
    return Gauges(
        signals=[_signal(watch, [v for (name, _), v in worst.items() if name == watch.metric]) for watch in _WATCHES],
        consumers=_consumers(worst),
    )


def _signal(watch: _Watch, values: list[float]) -> Signal:
    if not values:
        return Signal(watch.name, None, "not reported", watch.meaning, Level.UNKNOWN)
    value = sum(values)
    level = _level(value, watch.attention, watch.trouble)
    return Signal(watch.name, value, watch.words(value), watch.meaning, level)


def _consumers(worst: dict[tuple[str, str], float]) -> list[Consumer]:
    names = sorted({consumer for (metric, consumer) in worst if metric in (_LAG, _DEAD) and consumer})
    return [_consumer(name, worst.get((_LAG, name)), worst.get((_DEAD, name))) for name in names]


def _consumer(name: str, lag: float | None, dead_letters: float | None) -> Consumer:
    level = Level.UNKNOWN if lag is None else _level(lag, _LAG_ATTENTION, _LAG_TROUBLE)
    return Consumer(name, lag, dead_letters, Level.TROUBLE if dead_letters else level)


def _level(value: float, attention: float, trouble: float) -> Level:
    return Level.TROUBLE if value >= trouble else Level.ATTENTION if value >= attention else Level.WELL
