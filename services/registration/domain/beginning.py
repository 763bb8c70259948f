"""Which meetups to propose to somebody who does not know where to start, and why: rules one can read, no score one cannot.

1. Only what they can attend: in their territory, in its region, or online; and only while it takes registrations.
2. A meetup for other sectors alone is left out.
3. First what answers their question, then what names their sector, then the nearest, then what asks for no knowledge, then the soonest.
4. The same title once, three at most.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.registration.domain.facets import Facets
from services.registration.domain.meetups import AttendanceMode

PROPOSALS = 3

Reason = Literal["need", "sector", "every_sector", "here", "region", "online", "discovery", "cafe", "seats"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """What somebody said of themselves; any of it may be missing. `region` holds the territories of theirs."""

    need: str | None = None
    sector: str | None = None
    territory: str | None = None
    region: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What the rules look at of a meetup."""

    key: str
    title: str
    territory: str
    format: str
    mode: AttendanceMode
    facets: Facets
    starts_at: datetime
    open: bool
    """Whether it takes registrations."""
    seats: bool
    """Whether a seat is free."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A meetup by its key, and why it is proposed."""

    key: str
    reasons: tuple[Reason, ...]


def propose(asker: Asker, candidates: Iterable[Candidate]) -> list[Proposal]:
    """Return at most three meetups, the most fitting first."""
    fitting = [candidate for candidate in candidates if _fits(asker, candidate)]
    titles: set[str] = set()
    found: list[Proposal] = []
    for candidate in sorted(fitting, key=lambda each: _order(asker, each)):
        if candidate.title not in titles and len(found) < PROPOSALS:
            titles.add(candidate.title)
            found.append(Proposal(candidate.key, tuple(_reasons(asker, candidate))))
    return found


def _fits(asker: Asker, candidate: Candidate) -> bool:
    reachable = asker.territory is None or candidate.territory in asker.region or candidate.mode != "onsite"
    sectors = candidate.facets.sectors
    return candidate.open and reachable and (asker.sector is None or not sectors or asker.sector in sectors)


def _order(asker: Asker, candidate: Candidate) -> tuple[bool, bool, int, bool, datetime, str]:
    """What sorts first is what is false, near and soon."""
    return (
        not _answers(asker, candidate),
        not _names_the_sector(asker, candidate),
        _distance(asker, candidate),
        candidate.facets.level != "discovery",
        candidate.starts_at,
        candidate.key,
    )


def _reasons(asker: Asker, candidate: Candidate) -> Iterator[Reason]:
    if _answers(asker, candidate):
        yield "need"
    if asker.sector is not None:
        yield "sector" if _names_the_sector(asker, candidate) else "every_sector"
    if asker.territory is not None:
        places: tuple[Reason, ...] = ("here", "region", "online")
        yield places[_distance(asker, candidate)]
    if candidate.facets.level == "discovery":
        yield "discovery"
    if candidate.format == "cafe_ia":
        yield "cafe"
    if candidate.seats:
        yield "seats"


def _answers(asker: Asker, candidate: Candidate) -> bool:
    return asker.need is not None and asker.need in candidate.facets.needs


def _names_the_sector(asker: Asker, candidate: Candidate) -> bool:
    return asker.sector is not None and asker.sector in candidate.facets.sectors


def _distance(asker: Asker, candidate: Candidate) -> int:
    """0 in their territory, 1 in its region, 2 online from elsewhere. Who names no territory is equally far from all."""
    if asker.territory is None or candidate.territory == asker.territory:
        return 0
    return 1 if candidate.territory in asker.region and candidate.mode != "online" else 2
