"""A schema may gain optional fields within its major; every other change is named, with the place where it was made."""

import copy

import pytest

from contracts.compatibility import Break, Kind, Schema, breaks

PUBLISHED: Schema = {
    "type": "object",
    "$defs": {
        "Venue": {
            "type": "object",
            "properties": {"name": {"type": "string", "maxLength": 200}, "floor": {"type": "integer"}},
            "required": ["name"],
        },
        "Branch": {
            "type": "object",
            "properties": {
                "leaf": {"type": "string"},
                "branches": {"type": "array", "items": {"$ref": "#/$defs/Branch"}},
            },
        },
    },
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "status": {"type": "string", "enum": ["held", "confirmed"]},
        "major": {"const": 1},
        "code": {"type": "string", "pattern": "^[a-z]+$"},
        "title": {"type": "string", "minLength": 1, "maxLength": 200},
        "seats": {"type": "integer", "minimum": 1, "maximum": 1000},
        "price": {"type": "number", "exclusiveMinimum": 0},
        "position": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "default": None},
        "attended": {"type": "boolean", "default": False},
        "venue": {"$ref": "#/$defs/Venue"},
        "rooms": {"type": "array", "maxItems": 10, "items": {"$ref": "#/$defs/Venue"}},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "origin": {"anyOf": [{"$ref": "#/$defs/Venue"}, {"type": "string", "maxLength": 10}]},
        "tree": {"$ref": "#/$defs/Branch"},
        "a/b~c": {"type": "string"},
    },
    "required": ["id", "status", "title", "seats", "venue"],
}
GONE = object()


def _changed(path: str, value: object) -> Schema:
    """Return the schema with the value at `path` replaced, added or taken away."""
    schema = copy.deepcopy(dict(PUBLISHED))
    node: dict[str, object] | list[object] = schema
    *steps, last = path.split(".")
    for step in steps:
        child = node[int(step)] if isinstance(node, list) else node[step]
        assert isinstance(child, dict | list)
        node = child
    if isinstance(node, list):
        node[int(last)] = value
    elif value is GONE:
        del node[last]
    else:
        node[last] = value
    return schema


NARROWED: list[tuple[str, object, str]] = [
    ("properties.seats.type", "string", "/properties/seats"),
    ("properties.price.type", "integer", "/properties/price"),
    ("properties.status.enum", ["held"], "/properties/status"),
    ("properties.title.enum", ["one", "two"], "/properties/title"),
    ("properties.title.const", "one", "/properties/title"),
    ("properties.major.const", 2, "/properties/major"),
    ("properties.code.pattern", "^[a-y]+$", "/properties/code/pattern"),
    ("properties.title.pattern", "^[A-Z]", "/properties/title/pattern"),
    ("properties.seats.minimum", 2, "/properties/seats/minimum"),
    ("properties.seats.maximum", 999, "/properties/seats/maximum"),
    ("properties.price.exclusiveMinimum", 1, "/properties/price/exclusiveMinimum"),
    ("properties.seats.multipleOf", 5, "/properties/seats/multipleOf"),
    ("properties.title.minLength", 2, "/properties/title/minLength"),
    ("properties.title.maxLength", 199, "/properties/title/maxLength"),
    ("properties.code.maxLength", 10, "/properties/code/maxLength"),
    ("properties.title.format", "email", "/properties/title/format"),
    ("properties.id.format", "date", "/properties/id/format"),
    ("properties.rooms.maxItems", 9, "/properties/rooms/maxItems"),
    ("properties.rooms.uniqueItems", True, "/properties/rooms/uniqueItems"),
    ("additionalProperties", False, "/additionalProperties"),
    ("properties.labels.additionalProperties", {"type": "integer"}, "/properties/labels/additionalProperties"),
    ("$defs.Venue.properties.name.maxLength", 100, "/properties/venue/properties/name/maxLength"),
    ("properties.rooms.items", {"type": "string"}, "/properties/rooms/items"),
    ("properties.position.anyOf", [{"type": "integer", "minimum": 1}], "/properties/position"),
    ("properties.position.anyOf.0.minimum", 2, "/properties/position/minimum"),
    ("properties.origin.anyOf", [{"$ref": "#/$defs/Venue"}], "/properties/origin"),
    ("properties.origin.anyOf.1.maxLength", 9, "/properties/origin/maxLength"),
    ("$defs.Branch.properties.leaf.maxLength", 5, "/properties/tree/properties/leaf/maxLength"),
    ("properties.seats.unheardOf", 1, "/properties/seats/unheardOf"),
]
WIDENED: list[tuple[str, object, str]] = [
    ("properties.status.enum", ["held", "confirmed", "lost"], "/properties/status"),
    ("properties.status.enum", GONE, "/properties/status"),
    ("properties.seats.type", "number", "/properties/seats"),
    ("properties.seats.maximum", 1001, "/properties/seats/maximum"),
    ("properties.seats.minimum", 0, "/properties/seats/minimum"),
    ("properties.title.maxLength", GONE, "/properties/title/maxLength"),
    ("properties.title.type", ["string", "null"], "/properties/title"),
    (
        "properties.position.anyOf",
        [{"type": "integer", "minimum": 1}, {"type": "null"}, {"type": "string"}],
        "/properties/position",
    ),
]
REMOVED: list[tuple[str, object, str]] = [
    ("properties.attended", GONE, "/properties/attended"),
    ("properties.a/b~c", GONE, "/properties/a~1b~0c"),
    ("$defs.Venue.properties.floor", GONE, "/properties/venue/properties/floor"),
    ("required", ["id", "status", "title", "venue"], "/properties/seats"),
]
REQUIRED: list[tuple[str, object, str]] = [
    ("required", ["id", "status", "title", "seats", "venue", "attended"], "/properties/attended"),
    ("$defs.Venue.required", ["name", "floor"], "/properties/venue/properties/floor"),
]
DEFAULT: list[tuple[str, object, str]] = [("properties.attended.default", True, "/properties/attended")]
BREAKS = [
    (kind, *case)
    for kind, cases in (
        ("narrowed", NARROWED),
        ("widened", WIDENED),
        ("removed", REMOVED),
        ("required", REQUIRED),
        ("default", DEFAULT),
    )
    for case in cases
]


@pytest.mark.parametrize(("kind", "path", "value", "pointer"), BREAKS)
def test_a_breaking_change_is_found_where_it_was_made(kind: Kind, path: str, value: object, pointer: str) -> None:
    found = breaks(PUBLISHED, _changed(path, value))
    assert (kind, pointer) in [(broken.kind, broken.pointer) for broken in found]
    assert all(broken.sentence for broken in found)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("properties.nickname", {"type": "string"}),
        ("$defs.Venue.properties.room", {"type": "string"}),
        ("properties.title.description", "what stands on the poster"),
        ("properties.title.title", "Title"),
        ("$defs.Unused", {"type": "string"}),
        ("$comment", "reviewed"),
        ("required", ["venue", "seats", "title", "status", "id"]),
        ("properties.status.enum", ["confirmed", "held"]),
        ("properties.position.anyOf", [{"type": "null"}, {"type": "integer", "minimum": 1}]),
        (
            "properties.venue",
            {
                "type": "object",
                "properties": {"name": {"type": "string", "maxLength": 200}, "floor": {"type": "integer"}},
                "required": ["name"],
            },
        ),
        ("properties.venue", {"allOf": [{"$ref": "#/$defs/Venue"}], "description": "where"}),
    ],
)
def test_an_additive_change_is_accepted(path: str, value: object) -> None:
    assert breaks(PUBLISHED, _changed(path, value)) == []


def test_a_new_field_may_not_be_required() -> None:
    new = {
        **_changed("properties.nickname", {"type": "string"}),
        "required": ["id", "status", "title", "seats", "venue", "nickname"],
    }
    assert breaks(PUBLISHED, new) == [Break("required", "/properties/nickname", "is newly required")]


def test_every_break_of_a_change_is_told_and_not_the_first_only() -> None:
    new = {**_changed("properties.seats.maximum", 5), "required": ["id"]}
    assert len(breaks(PUBLISHED, new)) == 5


def test_a_break_reads_as_a_line() -> None:
    (found,) = breaks(PUBLISHED, _changed("properties.title.maxLength", 100))
    assert str(found) == "/properties/title/maxLength was 200 and is now 100 [narrowed]"


def test_a_schema_is_compatible_with_itself_even_if_it_holds_itself() -> None:
    assert breaks(PUBLISHED, copy.deepcopy(PUBLISHED)) == []


def test_a_reference_out_of_the_schema_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(ValueError, match="leads nowhere"):
        breaks(PUBLISHED, _changed("properties.venue", {"$ref": "https://example.org/venue.json"}))
