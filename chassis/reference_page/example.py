"""A command that calls an operation, ready for a shell: what differs from caller to caller is a variable."""

import json
import re
import shlex

from pydantic import JsonValue

from chassis.reference_page.document import Document, Operation, Parameter, Schema

_OF_FORMAT: dict[str, JsonValue] = {
    "uuid": "0198c0de-0000-7000-8000-000000000001",
    "date": "2027-04-15",
    "date-time": "2027-04-15T18:00:00+02:00",
    "email": "ada@example.org",
}
_OF_TYPE: dict[str, JsonValue] = {"boolean": False, "null": None, "object": {}}


def curl(document: Document, path: str, method: str, operation: Operation) -> str:
    """The command; `$API` is this server, `$TOKEN` the caller's token."""
    parts = [_first_part(path, method, operation)]
    if any(document.components.security_schemes[name].scheme == "bearer" for one in operation.security for name in one):
        parts.append('-H "Authorization: Bearer $TOKEN"')
    parts += [f'-H "{one.name.title()}: {_variable(one)}"' for one in _needed(operation, "header")]
    for media_type, media in operation.request_body.content.items() if operation.request_body else ():
        body = json.dumps(value_of(media.schema_, document), indent=2, ensure_ascii=False)
        parts += [f"-H 'Content-Type: {media_type}'", f"--data {shlex.quote(body)}"]
    return " \\\n  ".join(parts)


def value_of(schema: Schema, document: Document) -> JsonValue:
    """A small value of this type: required fields alone, the least that is allowed."""
    schema = document.resolve(schema.branches[0])
    if schema.examples or schema.enum:
        return (schema.examples or schema.enum)[0]
    if schema.items is not None:
        return [value_of(schema.items, document)]
    if schema.properties:
        return {name: value_of(schema.properties[name], document) for name in schema.required}
    if schema.type in ("integer", "number"):
        return int(schema.minimum or 0)
    return _OF_FORMAT.get(schema.format or "", _OF_TYPE.get(schema.type or "", "text"))


def _first_part(path: str, method: str, operation: Operation) -> str:
    for one in _needed(operation, "path"):
        path = path.replace(f"{{{one.name}}}", _variable(one))
    query = "&".join(f"{one.name}={_variable(one)}" for one in _needed(operation, "query"))
    verb = "" if method == "get" else f"-X {method.upper()} "
    return f'curl {verb}"$API{path}{"?" if query else ""}{query}"'


def _needed(operation: Operation, place: str) -> list[Parameter]:
    return [one for one in operation.parameters if one.required and one.place == place]


def _variable(parameter: Parameter) -> str:
    return "$" + re.sub(r"\W", "_", parameter.name, flags=re.ASCII).upper()
