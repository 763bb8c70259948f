"""The base of everything that travels: frozen, strict when written, tolerant when read (see `envelope.decode`)."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Fact(BaseModel):
    """An immutable record in an event or a reply. A writer may not add fields of its own; a reader ignores those it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset; only wall times of a venue go without")
    return moment


def _naive(moment: datetime) -> datetime:
    if moment.tzinfo is not None:
        raise ValueError("a venue's wall time carries no offset; its zone stands beside it")
    return moment


Instant = Annotated[datetime, AfterValidator(_aware)]
"""A point in time, with offset (UTC when written by us)."""

WallTime = Annotated[datetime, AfterValidator(_naive)]
"""What the clock on the venue's wall shows; meaningful with an IANA zone only, because the law may move the offset."""

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+-]{1,32}$")]
"""A code of a vocabulary kept as data (`contracts/vocabularies.json`), never an enum: codes may be added without a new major."""

Locale = Literal["fr", "en"]
