"""What a benchmark hands in: ratios against a bar, and counters that are the same on every machine."""

import statistics
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Ratio:
    """`value` measured over `ceiling` measured in the same run; `bar` is what the design asks for (None: shown only)."""

    name: str
    value: float
    ceiling: float
    unit: str
    bar: float | None = None

    @property
    def ratio(self) -> float:
        """The figure itself."""
        return self.value / self.ceiling

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without one."""
        return None if self.bar is None else self.ratio >= self.bar


@dataclass(frozen=True, slots=True)
class Limit:
    """A measured value that has to stay under a limit."""

    name: str
    value: float
    limit: float
    unit: str

    @property
    def met(self) -> bool:
        """Whether it stayed under."""
        return self.value <= self.limit


@dataclass(frozen=True, slots=True)
class Counter:
    """Something counted, not timed."""

    name: str
    value: float
    unit: str


Figure = Ratio | Limit | Counter


@dataclass(slots=True)
class Report:
    """Everything one run measured."""

    figures: list[Figure] = field(default_factory=list)

    def as_json(self) -> list[dict[str, object]]:
        """Return plain values, ratios included."""
        return [
            {
                "kind": type(figure).__name__.lower(),
                **asdict(figure),
                **({"ratio": figure.ratio} if isinstance(figure, Ratio) else {}),
                **({"met": figure.met} if isinstance(figure, Ratio | Limit) else {}),
            }
            for figure in self.figures
        ]


async def alternate(
    first: Callable[[], Awaitable[float]], second: Callable[[], Awaitable[float]], *, rounds: int = 3
) -> tuple[float, float]:
    """Measure two things in turn, so that a machine that slows down slows both; return the medians of their rates."""
    pairs = [(await first(), await second()) for _ in range(rounds)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)
