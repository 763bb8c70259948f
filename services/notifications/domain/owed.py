"""What a batch of events comes to: notices, tallies for summaries, and which copies changed."""

from dataclasses import dataclass, field
from uuid import UUID

from services.notifications.domain.notices import Notice


@dataclass(slots=True)
class Tally:
    """New registrations of one meetup that an organisation will read of in its hourly summary."""

    seated: int = 0
    waitlisted: int = 0


@dataclass(slots=True)
class Digest:
    """What a batch comes to. `changed` holds the ids whose copies differ from what was loaded, `summaries` those already noticed."""

    notices: list[Notice] = field(default_factory=list)
    tallies: dict[tuple[UUID, UUID], Tally] = field(default_factory=dict)
    erased: set[UUID] = field(default_factory=set)
    changed: set[UUID] = field(default_factory=set)
    summaries: set[UUID] = field(default_factory=set)
