"""Whom a meetup is for, what one should know before, which sectors and needs it speaks to: what the programme is filtered by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """Codes of vocabularies. None of a kind means that nothing was said, which shuts nobody out: no sector is every sector."""

    audiences: tuple[str, ...] = ()
    level: str | None = None
    sectors: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


NONE = Facets()
