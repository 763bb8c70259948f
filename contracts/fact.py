"""The base of everything that travels: frozen, strict when written, tolerant of new fields when read (see `envelope.decode`).

The types below refuse what a database, a calendar or a mail header downstream would choke on: what passes here can be stored and printed.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema


class Fact(BaseModel):
    """An immutable record in an event or a reply. A writer may not add fields of its own; a reader ignores those it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset; only wall times of a venue go without")
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # 0001-01-01T00:00+14:00 is a date that exists nowhere else
        raise ValueError("an instant lies outside the years 1 to 9999") from None


def _naive(moment: datetime) -> datetime:
    if moment.tzinfo is not None:
        raise ValueError("a venue's wall time carries no offset; its zone stands beside it")
    return moment


Instant = Annotated[datetime, AfterValidator(_utc), Field(description="point in time, written in UTC")]
"""A point in time. Any offset is read; UTC is kept and written."""

WallTime = Annotated[
    datetime,
    AfterValidator(_naive),
    # `format: date-time` would be wrong: RFC 3339 asks for an offset.
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?$",
            "description": "date and time on the venue's clock, without offset",
        }
    ),
]
"""What the clock on the venue's wall shows; meaningful with an IANA zone only, because the law may move the offset."""

CODE_PATTERN = r"^[A-Za-z0-9_+-]{1,32}$"

Code = Annotated[str, Field(pattern=CODE_PATTERN, description="code of a vocabulary")]
"""A code of a vocabulary kept as data (`contracts/vocabularies.json`), never an enum: codes may be added without a new major."""

Line = Annotated[str, Field(pattern=r"^[^\u0000-\u001f\u007f]*$")]
"""Text on one line, without control characters: PostgreSQL stores no NUL, and a line break in a title would forge a mail header."""

Version = Annotated[int, Field(ge=1, le=2_147_483_647, description="place in the history of its aggregate")]
"""Position in the history of one aggregate; fits a PostgreSQL integer."""

Locale = Literal["fr", "en"]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, OSError, ValueError):  # OSError: the name of a folder, such as "Europe"
        raise ValueError("no such time zone here") from None
    return name


Zone = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9_+/-]{1,64}$", description="IANA time zone"),
    AfterValidator(_known_zone),
]
