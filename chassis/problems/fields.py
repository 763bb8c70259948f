"""Validation errors of pydantic as field errors: a JSON pointer, a stable code, a sentence in both languages, never the input."""

from collections.abc import Iterable, Mapping
from typing import Literal, TypedDict, cast

from chassis.problems.base import FieldError, Place, Text

Messages = Mapping[str, tuple[str, Text]]
"""By pydantic error type (or that of a PydanticCustomError): our code and our words, with `{places}` of the error's context."""


class RawError(TypedDict, total=False):
    """What is read of an item of `ValidationError.errors()`."""

    type: str
    loc: tuple[int | str, ...]
    ctx: dict[str, object]


_REQUIRED = ("required", Text("Ce champ est obligatoire.", "This field is required."))
_UNKNOWN = ("unknown-field", Text("Ce champ n’existe pas.", "There is no such field."))
_TYPE = ("wrong-type", Text("La valeur n’est pas du type attendu.", "The value is not of the expected type."))
_INVALID = ("invalid", Text("La valeur n’est pas valide.", "The value is not valid."))
_CHOICE = (
    "not-a-choice",
    Text("La valeur ne fait pas partie des choix possibles.", "The value is not one of the choices."),
)
_DATE = ("invalid-date", Text("La date ou l’heure n’est pas valide.", "The date or time is not valid."))
_FORMAT = ("wrong-format", Text("La valeur n’a pas le format attendu.", "The value does not have the expected format."))

_MESSAGES: Messages = {
    "missing": _REQUIRED,
    "extra_forbidden": _UNKNOWN,
    "string_too_short": (
        "too-short",
        Text("Au moins {min_length} caractère(s) sont attendus.", "At least {min_length} character(s) are expected."),
    ),
    "string_too_long": (
        "too-long",
        Text("Au plus {max_length} caractère(s) sont acceptés.", "At most {max_length} character(s) are accepted."),
    ),
    "too_short": (
        "too-few",
        Text("Au moins {min_length} élément(s) sont attendus.", "At least {min_length} item(s) are expected."),
    ),
    "too_long": (
        "too-many",
        Text("Au plus {max_length} élément(s) sont acceptés.", "At most {max_length} item(s) are accepted."),
    ),
    "greater_than_equal": (
        "too-small",
        Text("La valeur doit être d’au moins {ge}.", "The value must be at least {ge}."),
    ),
    "greater_than": ("too-small", Text("La valeur doit dépasser {gt}.", "The value must be greater than {gt}.")),
    "less_than_equal": ("too-large", Text("La valeur doit être d’au plus {le}.", "The value must be at most {le}.")),
    "less_than": ("too-large", Text("La valeur doit être inférieure à {lt}.", "The value must be less than {lt}.")),
    "string_pattern_mismatch": _FORMAT,
    "uuid_parsing": ("invalid-id", Text("Cet identifiant n’est pas valide.", "This identifier is not valid.")),
    "literal_error": _CHOICE,
    "enum": _CHOICE,
    "timezone_aware": (
        "time-zone-missing",
        Text("L’heure doit indiquer son décalage horaire.", "The time must carry its UTC offset."),
    ),
}
_FAMILIES = (
    (("date_", "datetime_", "time_", "timezone_"), _DATE),
    (("int_", "float_", "bool_", "decimal_"), _TYPE),
    (("url_", "uuid_", "json_"), _FORMAT),
)


def field_errors(errors: Iterable[object], *, messages: Messages | None = None) -> tuple[FieldError, ...]:
    """The errors of a `ValidationError` (or of FastAPI's), one for each field; `messages` are the service's own."""
    found: dict[tuple[str, Place], FieldError] = {}
    for raw in errors:
        error = _field_error(cast("RawError", raw), messages or {})
        found.setdefault((error.pointer, error.place), error)
    return tuple(found.values())


def place_of(location: tuple[int | str, ...]) -> tuple[Place, tuple[int | str, ...]]:
    """Where in the request a location of FastAPI lies, and the way from there."""
    if location and location[0] in ("body", "query", "path", "header", "cookie"):
        return cast("Literal['body', 'query', 'path', 'header', 'cookie']", location[0]), location[1:]
    return "body", location


def _field_error(raw: RawError, messages: Messages) -> FieldError:
    kind = raw["type"]
    code, text = messages.get(kind) or _MESSAGES.get(kind) or _family(kind)
    place, way = place_of(raw["loc"])
    context = {key: value for key, value in raw.get("ctx", {}).items() if isinstance(value, int | float | str)}
    try:
        text = text.format(**context)
    except (KeyError, IndexError):
        code, text = _INVALID
    return FieldError("#" + "".join(f"/{_escape(step)}" for step in way), code, text, place)


def _family(kind: str) -> tuple[str, Text]:
    for beginnings, message in _FAMILIES:
        if kind.startswith(beginnings):
            return message
    return _TYPE if kind.endswith("_type") else _INVALID


def _escape(step: int | str) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
