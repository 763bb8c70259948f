"""The page that shows every event to people, made from the catalogue and the schemas; it holds nothing written by hand."""

from collections.abc import Iterable, Iterator, Mapping

from contracts.catalogue import EventType
from contracts.compatibility import Schema
from contracts.subjects import Topology

_HEAD = """\
# Events

Written by `python -m contracts.publish` from `contracts/`; change the models, not this page.

Every event is a [CloudEvent](https://cloudevents.io) in NATS binary mode: the attributes are headers (`ce-id`, `ce-source`, `ce-type`,
`ce-time`, `ce-subject`, `ce-dataschema`, `ce-territory`), the body is JSON. `ce-id` is a UUIDv7 and equals `Nats-Msg-Id`; `ce-subject` is
the id of the aggregate; `traceparent` carries the trace. No event names a person or tells how to reach one.

A subject ends in the code of the territory (`contracts/territories.json`, or `all`) and the id of the aggregate, so that one territory
can be followed alone: `rencontres.events.*.*.976.>`. All are kept, in one order, in the stream `EVENTS`.

Within a major (`.v1`), fields are only ever added, and a reader ignores those it does not know. Each event carries the whole state of
its aggregate with a `version`: the highest version wins, whatever the order of arrival.
"""


def render_event_page(schemas: Mapping[EventType, Schema]) -> str:
    """Return the page in Markdown."""
    states = {kind.data: schema for kind, schema in schemas.items()}
    parts = {name: part for schema in schemas.values() for name, part in _mapping(schema, "$defs").items()}
    lines = [_HEAD, *_types(schemas)]
    for model, schema in states.items():
        lines += [f"\n## {model.__name__}\n", _one_line(model.__doc__), "", *_fields(schema)]
    for name, part in parts.items():
        lines += [f"\n### {name}\n", _one_line(_text(part, "description")), "", *_fields(part)]
    return "\n".join(lines) + "\n"


def _types(kinds: Iterable[EventType]) -> Iterator[str]:
    topology = Topology()
    yield "| type | subject | meaning | data |"
    yield "|---|---|---|---|"
    for kind in kinds:
        subject = f"{topology.prefix}.events.{kind.aggregate}.{kind.fact}.*.*"
        state = kind.data.__name__
        yield f"| `{kind.name}` | `{subject}` | {kind.meaning} | [{state}](#{state.lower()}) |"


def _fields(schema: object) -> Iterator[str]:
    required = _items(schema, "required")
    yield "| field | kind | always there | meaning |"
    yield "|---|---|---|---|"
    for name, field in _mapping(schema, "properties").items():
        always = "yes" if name in required else "no"
        yield f"| `{name}` | {_kind(field)} | {always} | {_text(field, 'description')} |"


def _kind(field: object) -> str:
    if options := _items(field, "anyOf"):
        return " or ".join(kind for kind in map(_kind, options) if kind != "null")
    if reference := _text(field, "$ref"):
        name = reference.rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if values := _items(field, "enum"):
        return ", ".join(f"`{value}`" for value in values)
    if _text(field, "type") == "array":
        return f"list of {_kind(_mapping(field, 'items'))}"
    return " ".join([_text(field, "format") or _text(field, "type"), *_bounds(field)])


def _bounds(field: object) -> Iterator[str]:
    bounds = _mapping({"field": field}, "field")
    for keyword, sign in (("minimum", "≥"), ("maximum", "≤"), ("maxLength", "up to")):
        if keyword in bounds:
            yield f"{sign} {bounds[keyword]}"


def _mapping(schema: object, keyword: str) -> Mapping[str, object]:
    value = schema.get(keyword) if isinstance(schema, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _items(schema: object, keyword: str) -> list[object]:
    value = schema.get(keyword) if isinstance(schema, Mapping) else None
    return value if isinstance(value, list) else []


def _text(schema: object, keyword: str) -> str:
    value = schema.get(keyword) if isinstance(schema, Mapping) else None
    return value if isinstance(value, str) else ""


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
