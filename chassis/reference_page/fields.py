"""Fields and their types, in the words of JSON Schema where they are short and in English where they are not."""

import json
import re
from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from chassis.reference_page.document import Document, Parameter, Schema
from chassis.reference_page.markup import Html, joined, link, prose, tag

_LISTED_OPENLY = 12  # values of an enumeration; more are folded away: there are 109 territories
_SHOWN_OPENLY = 48  # characters of a pattern


def anchor(*parts: str) -> str:
    """The id of a place in the page."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", "-".join(parts)).strip("-")


def properties(schema: Schema, document: Document) -> Html:
    """The fields of an object."""
    fields = _rows(
        _row(name, field, description=_description(field, document), required=name in schema.required)
        for name, field in schema.properties.items()
    )
    closed = schema.additional_properties is False
    return joined((fields, tag("p", "Any other field is refused.", class_="type"))) if closed else fields


def parameters(those: Iterable[Parameter]) -> Html:
    """What a request carries beside its body, with where it stands."""
    return _rows(
        _row(
            one.name,
            _never_null(one.schema_),
            description=one.description or one.schema_.description,
            required=one.required,
            place=one.place,
        )
        for one in those
    )


def type_of(schema: Schema) -> Html:
    """The type in a few words; components are links."""
    return joined((_plain_type(branch) for branch in schema.branches), " or ")


def _never_null(schema: Schema) -> Schema:
    """Without the null that a parameter is when it is left out: nobody can send it."""
    return schema.model_copy(update={"any_of": [branch for branch in schema.any_of if branch.type != "null"]})


def _plain_type(schema: Schema) -> Html:
    if schema.name:
        return link(f"#{anchor('schema', schema.name)}", schema.name)
    if schema.const is not None:
        return _value(schema.const)
    if schema.items is not None:
        return joined(("list of ", type_of(schema.items)))
    if isinstance(schema.additional_properties, Schema):
        return joined(("object of ", type_of(schema.additional_properties)))
    if schema.format:
        return joined((f"{schema.type} ({schema.format})",))
    return joined((schema.type or "any value",))


def _rows(rows: Iterable[Html]) -> Html:
    return tag("dl", *rows, class_="fields")


def _row(name: str, schema: Schema, *, description: str, required: bool, place: str = "") -> Html:
    marks = [tag("span", place, class_="place")] if place else []
    marks += [tag("span", "required", class_="required")] if required else []
    words = [prose(description)] if description else []
    return tag(
        "div",
        tag("dt", tag("code", name), *(joined((" ", mark)) for mark in marks)),
        tag("dd", tag("p", joined((type_of(schema), *_bounds(schema)), ", "), class_="type"), *words, *_folded(schema)),
    )


def _description(schema: Schema, document: Document) -> str:
    own = (branch.description for branch in schema.branches)
    return schema.description or next(filter(None, own), "") or document.resolve(schema).description


def _bounds(schema: Schema) -> Iterator[Html]:
    for branch in schema.branches:
        for low, high, unit in (
            (branch.min_length or None, branch.max_length, " characters"),
            (branch.minimum, branch.maximum, ""),
            (branch.min_items or None, branch.max_items, " items"),
        ):
            if low is not None or high is not None:
                yield joined((_between(low, high) + unit,))
        if 0 < len(branch.enum) <= _LISTED_OPENLY:
            yield joined(("one of ", joined(map(_value, branch.enum), " ")))
        if branch.pattern and len(branch.pattern) <= _SHOWN_OPENLY:
            yield joined(("matches ", tag("code", branch.pattern)))
        if branch.examples:
            yield joined(("such as ", _value(branch.examples[0])))
    if schema.default is not None:
        yield joined(("default ", _value(schema.default)))


def _folded(schema: Schema) -> Iterator[Html]:
    for branch in schema.branches:
        if len(branch.enum) > _LISTED_OPENLY:
            yield _fold(f"One of {len(branch.enum)} values", joined(map(_value, branch.enum), " "))
        if branch.pattern and len(branch.pattern) > _SHOWN_OPENLY:
            yield _fold("Pattern", tag("code", branch.pattern))


def _fold(summary: str, inside: Html) -> Html:
    return tag("details", tag("summary", summary), tag("p", inside))


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {high:,.15g}"
    return f"at least {low:,.15g}" if high is None else f"{low:,.15g} to {high:,.15g}"


def _value(value: JsonValue) -> Html:
    return tag("code", json.dumps(value, ensure_ascii=False))
