"""Whether a JSON Schema may replace another of the same major: old events stay readable to new readers, new events to old readers.

Only optional fields and words for people may change. Anything else is a new major with an upcaster: the log keeps events of every
schema ever published, and during a roll-out readers of both run side by side. What cannot be compared counts as a break.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Schema = Mapping[str, object]
Kind = Literal["removed", "required", "narrowed", "widened", "default"]

_WORDS = frozenset(
    {"title", "description", "examples", "deprecated", "$comment", "$id", "$schema", "$defs", "discriminator"}
)
_COMPARED = frozenset({"type", "enum", "const", "default", "properties", "required", "additionalProperties", "items"})
_GREATER_IS_NARROWER = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
_SMALLER_IS_NARROWER = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})


@dataclass(frozen=True, slots=True)
class Break:
    """One change that asks for a new major; `pointer` (RFC 6901) leads to it through the schema, references followed."""

    kind: Kind
    pointer: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.pointer or '(root)'} {self.sentence} [{self.kind}]"


def breaks(old: Schema, new: Schema) -> list[Break]:
    """Return every break between two schemas of one major; none means compatible.

    Raises:
        ValueError: a reference leads out of its schema.
    """
    return list(_Comparison(old, new).of(old, new, ""))


class _Comparison:
    """Walks two schemas at once."""

    def __init__(self, old_root: Schema, new_root: Schema) -> None:
        self._old_root = old_root
        self._new_root = new_root
        self._under_way: set[tuple[str, str]] = set()

    def of(self, old: object, new: object, at: str) -> Iterator[Break]:
        left, right = _alternatives(old, self._old_root), _alternatives(new, self._new_root)
        if len(left) == len(right) == 1:
            yield from self._plain(left[0], right[0], at)
            return
        for option in left:
            candidates = [other for other in right if _name(other) == _name(option)]
            if not candidates:
                yield Break("narrowed", at, f"may no longer be {_name(option)}")
                continue
            twin = min(candidates, key=lambda other: len(list(self._plain(option, other, at))))
            right.remove(twin)
            yield from self._plain(option, twin, at)
        for option in right:
            yield Break("widened", at, f"may now be {_name(option)}, which a reader of the old schema refuses")

    def _plain(self, old: Schema, new: Schema, at: str) -> Iterator[Break]:
        pair = (_written(old), _written(new))
        if pair in self._under_way:  # a schema that holds itself
            return
        self._under_way.add(pair)
        try:
            if old.get("type") == new.get("type"):
                yield from _values(old, new, at)
                yield from _limits(old, new, at)
                yield from self._fields(old, new, at)
                for keyword in ("additionalProperties", "items"):
                    if keyword in old or keyword in new:
                        yield from self.of(old.get(keyword, True), new.get(keyword, True), f"{at}/{keyword}")
            else:
                yield _type_break(old, new, at)
        finally:
            self._under_way.discard(pair)

    def _fields(self, old: Schema, new: Schema, at: str) -> Iterator[Break]:
        before, after = _mapping(old, "properties"), _mapping(new, "properties")
        must_before, must_after = _names(old), _names(new)
        for name in before:
            pointer = f"{at}/properties/{_token(name)}"
            if name not in after:
                yield Break("removed", pointer, "was removed")
                continue
            if name in must_before - must_after:
                yield Break("removed", pointer, "was always there and may now be missing")
            yield from self.of(before[name], after[name], pointer)
        for name in sorted(must_after - must_before):
            yield Break("required", f"{at}/properties/{_token(name)}", "is newly required")


def _alternatives(schema: object, root: Schema) -> list[Schema]:
    """Follow references and spread `anyOf`, `oneOf` and lists of types, so that each result describes one kind of value."""
    if not isinstance(schema, Mapping):
        return [{}] if schema is True else [{"type": "nothing"}]
    plain = {key: value for key, value in schema.items() if key not in _WORDS}
    if "$ref" in plain:
        target = _target(str(plain.pop("$ref")), root)
        return _spread([target], plain, root)
    if isinstance(plain.get("allOf"), list) and len(plain["allOf"]) == 1:
        return _spread(plain.pop("allOf"), plain, root)
    for keyword in ("anyOf", "oneOf"):
        if isinstance(plain.get(keyword), list):
            return _spread(plain.pop(keyword), plain, root)
    if isinstance(plain.get("type"), list):
        return _spread([{"type": name} for name in plain.pop("type")], plain, root)
    return [plain]


def _spread(options: list[object], beside: Schema, root: Schema) -> list[Schema]:
    return [{**option, **beside} for each in options for option in _alternatives(each, root)]


def _target(reference: str, root: Schema) -> object:
    found: object = root
    for token in reference.removeprefix("#").split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if not reference.startswith("#") or not isinstance(found, Mapping) or name not in found:
            raise ValueError(f"{reference} leads nowhere in its schema")
        found = found[name]
    return found


def _type_break(old: Schema, new: Schema, at: str) -> Break:
    was, now = _name(old), _name(new)
    wider = "type" not in new or (was, now) == ("integer", "number") or was == "nothing"
    return Break("widened" if wider else "narrowed", at, f"was {was} and is now {now}")


def _values(old: Schema, new: Schema, at: str) -> Iterator[Break]:
    before, after = _allowed(old), _allowed(new)
    if before is None and after is not None:
        yield Break("narrowed", at, f"allows only {', '.join(sorted(after))} now")
    elif before is not None and after is None:
        yield Break("widened", at, "allowed listed values only, and now any")
    elif before is not None and after is not None:
        for value in sorted(before - after):
            yield Break("narrowed", at, f"no longer allows {value}")
        for value in sorted(after - before):
            yield Break("widened", at, f"now allows {value}, which a reader of the old schema refuses")
    if "default" in old and _written(old["default"]) != _written(new.get("default")):
        yield Break("default", at, "has another default, which gives old events another meaning")


def _limits(old: Schema, new: Schema, at: str) -> Iterator[Break]:
    for keyword in sorted((old.keys() | new.keys()) - _COMPARED):
        before, after = old.get(keyword), new.get(keyword)
        if _written(before) == _written(after):
            continue
        kind: Kind = "widened" if after is None or _is_wider(keyword, before, after) else "narrowed"
        change = "is new" if before is None else "is gone" if after is None else f"was {before} and is now {after}"
        yield Break(kind, f"{at}/{keyword}", change)


def _is_wider(keyword: str, before: object, after: object) -> bool:
    if not isinstance(before, int | float) or not isinstance(after, int | float):
        return False
    return (keyword in _GREATER_IS_NARROWER and after < before) or (keyword in _SMALLER_IS_NARROWER and after > before)


def _allowed(schema: Schema) -> set[str] | None:
    if "const" in schema:
        return {_written(schema["const"])}
    values = schema.get("enum")
    return {_written(value) for value in values} if isinstance(values, list) else None


def _name(schema: Schema) -> str:
    return str(schema.get("type", "anything"))


def _names(schema: Schema) -> set[str]:
    names = schema.get("required", ())
    return {str(name) for name in names} if isinstance(names, list | tuple) else set()


def _mapping(schema: Schema, keyword: str) -> Mapping[str, object]:
    value = schema.get(keyword, {})
    return value if isinstance(value, Mapping) else {}


def _written(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _token(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
