"""What differs between the live set and the rebuilt one, and whether that is an error."""

from dataclasses import dataclass, field

import asyncpg

from chassis.database import Connection
from services.analytics.store import LIVE, QUERIES, REBUILT

NOT_YET = "not yet in live"
ONLY_LIVE = "only in live"


@dataclass(frozen=True, slots=True)
class Difference:
    """Some rows that differ in one way. `examples` are ids; they name nobody."""

    of: str
    kind: str
    number: int
    examples: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.of}: {self.number} {self.kind} ({', '.join(self.examples)}{', …' if self.number > len(self.examples) else ''})"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences. `behind` is how many events the live projector has not applied yet, None when nobody knows."""

    differences: tuple[Difference, ...]
    behind: int | None = field(default=0)

    @property
    def errors(self) -> tuple[Difference, ...]:
        """Differences that events under way do not explain."""
        waiting = self.behind is None or self.behind > 0
        return tuple(one for one in self.differences if not (waiting and one.kind == NOT_YET))

    @property
    def lost(self) -> tuple[Difference, ...]:
        """What the live set knows and the stream does not: swapping would lose it."""
        return tuple(one for one in self.differences if one.kind == ONLY_LIVE)


async def compare(connection: Connection, *, behind: int | None) -> Comparison:
    """Compare both sets; the caller's transaction keeps the live one still."""
    found = [
        *_of("registrations", await QUERIES.compare_registrations.fetch(connection)),
        *_of("meetups", await QUERIES.compare_meetups.fetch(connection)),
    ]
    for name in (LIVE, REBUILT):
        await QUERIES.enter_set.execute(connection, name)
        found += _of(f"sums of {name}", await QUERIES.wrong_sums.fetch(connection))
    return Comparison(tuple(found), behind)


def _of(what: str, rows: list[asyncpg.Record]) -> list[Difference]:
    return [Difference(what, row["kind"], row["number"], tuple(row["examples"])) for row in rows]
