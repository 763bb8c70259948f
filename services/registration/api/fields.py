"""Types of what comes in: strict, trimmed, without control characters. The OpenAPI document says all that is accepted, and no more."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NaiveDatetime,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from contracts.fact import Zone as KnownZone
from contracts.territories import TERRITORIES
from contracts.vocabularies import (
    AUDIENCES,
    FORMATS,
    HEADCOUNTS,
    IDENTIFIER_SCHEMES,
    LEVELS,
    NEEDS,
    ORGANISER_KINDS,
    ROLES,
    SECTORS,
    Vocabulary,
)
from services.registration import join_addresses
from services.registration.emails import MAX_LENGTH, BadEmail, normalised

# Controls, separators of lines, and marks that turn the direction of a text around (one name could be shown as another).
_CONTROLS = r"\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
_CONTROLS_BUT_BREAKS = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff"
_LINE = re.compile(f"[{_CONTROLS}]")
_PARAGRAPHS = re.compile(f"[{_CONTROLS_BUT_BREAKS}]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")
_WALL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?")  # an offset has an error of its own
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ].+")


class Asked(BaseModel):
    """The query of a route. Parameters it does not know are refused: a filter that was misspelt would show too much."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class Incoming(BaseModel):
    """A body. Fields it does not know are refused; text is trimmed."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _line(text: str) -> str:
    if _LINE.search(text):
        raise PydanticCustomError("control_characters", "control characters are not accepted")
    return text


def _paragraphs(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if _PARAGRAPHS.search(text):
        raise PydanticCustomError("control_characters", "control characters are not accepted")
    return text


def _email(text: str) -> str:
    try:
        return normalised(text)
    except BadEmail:
        raise PydanticCustomError("email", "not an e-mail address") from None


def _join_url(text: str) -> str:
    try:
        return join_addresses.normalised(text)
    except join_addresses.BadJoinAddress:
        raise PydanticCustomError("join_url", "not an https address of a public host") from None


def _likely(wall: datetime) -> datetime:
    if not 2000 <= wall.year < 2200:
        raise PydanticCustomError("unlikely_year", "the year must be between 2000 and 2199")
    return wall


def _one_of(vocabulary: Vocabulary) -> AfterValidator:
    def known(code: str) -> str:
        if code not in vocabulary:
            raise PydanticCustomError("unknown_code", "not a code of the vocabulary")
        return code

    return AfterValidator(known)


def _once(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def _territory(code: str) -> str:
    if code not in TERRITORIES:
        raise PydanticCustomError("unknown_code", "not a territory")
    return code


def _text(least: int, most: int, *, description: str, breaks: bool = False) -> WithJsonSchema:
    """Say in the document what is accepted: at least one character that is no space, no controls. Spaces around it are not counted."""
    within = _CONTROLS_BUT_BREAKS if breaks or not least else _CONTROLS
    pattern = rf"^[^{within}]*[^{_CONTROLS}\s][^{within}]*$" if least else rf"^[^{within}]*$"
    description += "; spaces around it are dropped"
    return WithJsonSchema(
        {"type": "string", "minLength": least, "maxLength": most, "pattern": pattern, "description": description}
    )


FullName = Annotated[
    str, Field(min_length=1, max_length=120), AfterValidator(_line), _text(1, 120, description="first and last name")
]
Title = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_line), _text(1, 200, description="title")]
VenueName = Annotated[
    str, Field(min_length=1, max_length=200), AfterValidator(_line), _text(1, 200, description="name of the venue")
]
VenueAddress = Annotated[
    str, Field(min_length=1, max_length=400), AfterValidator(_line), _text(1, 400, description="address, on one line")
]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_line), _text(1, 200, description="name")]
Description = Annotated[
    str, Field(max_length=4000), AfterValidator(_paragraphs), _text(0, 4000, description="plain text; breaks are kept")
]

Email = Annotated[
    str,
    Field(min_length=3, max_length=MAX_LENGTH),
    AfterValidator(_email),
    WithJsonSchema(
        {
            "type": "string",
            "format": "email",
            "minLength": 3,
            "maxLength": MAX_LENGTH,
            "description": "address under a public domain name (RFC 6531, without quotes or comments); spaces around it are dropped",
        }
    ),
]

JoinUrl = Annotated[
    str,
    Field(max_length=join_addresses.MAX_LENGTH),
    AfterValidator(_join_url),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": join_addresses.MAX_LENGTH,
            "pattern": r"^[hH][tT][tT][pP][sS]://[^\s\\@/?#]+([/?#][^\s\\]*)?$",
            "description": "where to join online: https, a public host, no name or password; kept and shown in ASCII",
        }
    ),
]

Organisation = Annotated[
    str,
    Field(min_length=1, max_length=200),
    AfterValidator(_line),
    _text(1, 200, description="firm or body they come from"),
]
AccessNeeds = Annotated[
    str,
    Field(min_length=1, max_length=500),
    AfterValidator(_paragraphs),
    _text(1, 500, description="what would make it easy to take part (plain words, no diagnosis)", breaks=True),
]
AnswerWords = Annotated[
    str,
    Field(max_length=1000),
    AfterValidator(_paragraphs),
    _text(0, 1000, description="words, or the id of an option"),
]
Label = Annotated[
    str, Field(min_length=1, max_length=200), AfterValidator(_line), _text(1, 200, description="as people read it")
]
LocalId = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$", description="unique beside its like; never shown")
]
InvitationCode = Annotated[
    str,
    Field(max_length=60),
    AfterValidator(_line),
    _text(0, 60, description="code of an invitation; case, spaces and dashes do not matter"),
]
TextVersion = Annotated[
    str, Field(pattern=r"^[0-9a-z][0-9a-z.-]{0,31}$", description="version of the words that were shown")
]
OwnZone = Annotated[KnownZone, Field(description="IANA zone by whose clock they live, where that is not the venue's")]


def _choice(vocabulary: Vocabulary, description: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(vocabulary), "description": description})


Headcount = Annotated[str, _one_of(HEADCOUNTS), _choice(HEADCOUNTS, "people employed by the firm, as a band")]
Format = Annotated[str, _one_of(FORMATS), _choice(FORMATS, "format of the meetup")]
Role = Annotated[str, _one_of(ROLES), _choice(ROLES, "their part in the firm")]
IdentifierScheme = Annotated[str, _one_of(IDENTIFIER_SCHEMES), _choice(IDENTIFIER_SCHEMES, "register of the number")]
OrganiserKind = Annotated[str, _one_of(ORGANISER_KINDS), _choice(ORGANISER_KINDS, "kind of organisation")]
Audience = Annotated[str, _one_of(AUDIENCES), _choice(AUDIENCES, "whom a meetup is for")]
Level = Annotated[str, _one_of(LEVELS), _choice(LEVELS, "what one should know before")]
Sector = Annotated[str, _one_of(SECTORS), _choice(SECTORS, "sector of activity, in plain words")]
Need = Annotated[str, _one_of(NEEDS), _choice(NEEDS, "what somebody comes for")]
Audiences = Annotated[tuple[Audience, ...], Field(max_length=20), AfterValidator(_once)]
Sectors = Annotated[tuple[Sector, ...], Field(max_length=20), AfterValidator(_once)]
Needs = Annotated[tuple[Need, ...], Field(max_length=20), AfterValidator(_once)]
TerritoryCode = Annotated[
    str,
    AfterValidator(_territory),
    WithJsonSchema(
        {"type": "string", "enum": list(TERRITORIES), "description": "Insee code of a department or collectivity"}
    ),
]
Zone = Annotated[str, Field(max_length=64, description="IANA zone of the venue; one of its territory's")]


def _written(form: re.Pattern[str]) -> BeforeValidator:
    """Refuse what pydantic would read all the same: seconds since 1970, a day for a moment, a moment for a day."""

    def iso(value: object) -> object:
        if not isinstance(value, str) or not form.fullmatch(value):
            raise PydanticCustomError("date_iso", "not a date or time of ISO 8601")
        return value

    return BeforeValidator(iso)


def _first_day(value: object) -> date:
    """Read `2027-02` as the first day of that month."""
    if not isinstance(value, str) or not _MONTH.fullmatch(value) or not 2000 <= int(value[:4]) < 2200:
        raise PydanticCustomError("date_iso", "not a month")
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        raise PydanticCustomError("date_iso", "not a month") from None


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # 0001-01-01T00:00+14:00 is a date that exists nowhere else
        raise PydanticCustomError("date_out_of_range", "outside the years 1 to 9999 in UTC") from None


Day = Annotated[date, _written(_DAY)]
Month = Annotated[
    date,
    BeforeValidator(_first_day),
    WithJsonSchema(
        {"type": "string", "pattern": r"^2[01]\d\d-(0[1-9]|1[0-2])$", "description": "a month", "examples": ["2027-02"]}
    ),
]
Instant = Annotated[AwareDatetime, _written(_INSTANT), AfterValidator(_in_utc)]
Wall = Annotated[
    NaiveDatetime,
    _written(_WALL),
    AfterValidator(_likely),
    # `format: date-time` would be wrong: RFC 3339 asks for an offset.
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^2[01]\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$",
            "description": "what the clock at the venue shows, without offset; a time its clocks skip is refused",
            "examples": ["2027-04-15T18:00:00"],
        }
    ),
]

Cursor = Annotated[str, Field(max_length=100, description="`next` of the page before")]

IDEMPOTENCY_KEY = r"^[\x21-\x7e]{1,255}$"
