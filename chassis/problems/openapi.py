"""Problems in the OpenAPI document: one component, and what each route may answer."""

from collections.abc import Callable
from typing import Final, cast

from starlette.applications import Starlette

from chassis.problems.base import Problem
from chassis.problems.generic import InvalidInput
from chassis.problems.rendering import MEDIA_TYPE

Json = dict[str, object]

_REF: Final[Json] = {"$ref": "#/components/schemas/Problem"}
_SCHEMA: Final[Json] = {
    "type": "object",
    "description": "RFC 9457 problem details; title and detail are in the language of Content-Language.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "The kind of problem; explained at this path.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "trace_id": {"type": "string", "pattern": "^[0-9a-f]{32}$", "description": "Where operators find the request."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}},
    },
}
_FIELD_SCHEMA: Final[Json] = {
    "type": "object",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "pointer": {"type": "string", "description": "JSON pointer to the field, as a URI fragment."},
        "in": {"type": "string", "enum": ["query", "path", "header", "cookie"], "description": "Absent for the body."},
        "code": {"type": "string", "description": "Stable; for programs."},
        "detail": {"type": "string", "description": "For people."},
    },
}


def responses(*kinds: type[Problem]) -> dict[int | str, Json]:
    """The `responses=` of a FastAPI route that may end in these problems."""
    by_status: dict[int, list[type[Problem]]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    return {status: _response(some) for status, some in sorted(by_status.items())}


def describe_problems(app: Starlette) -> None:
    """Add the component to the document of a FastAPI application, and let failed validation point to it."""
    generate = cast("Callable[[], Json]", app.openapi)  # type: ignore[attr-defined]  # FastAPI has it, and a service may lack FastAPI
    done: list[Json] = []

    def openapi() -> Json:
        if not done:
            document = generate()
            schemas = _inside(_inside(document, "components"), "schemas")
            schemas |= {"Problem": _SCHEMA, "FieldProblem": _FIELD_SCHEMA}
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            for path in _inside(document, "paths").values():
                for operation in cast("Json", path).values():
                    _replace_validation(operation)
            done.append(document)
        return done[0]

    app.openapi = openapi  # type: ignore[attr-defined]


def _response(kinds: list[type[Problem]]) -> Json:
    examples = {
        kind.slug: {"value": {"type": kind.type_uri(), "title": kind.title.en, "status": kind.status}} for kind in kinds
    }
    return {
        "description": " / ".join(kind.title.en for kind in kinds),
        "content": {MEDIA_TYPE: {"schema": _REF, "examples": examples}},
    }


def _replace_validation(operation: object) -> None:
    if isinstance(operation, dict) and isinstance(answers := operation.get("responses"), dict):
        invalid = answers.get("422")
        if isinstance(invalid, dict) and "application/json" in invalid.get("content", {}):
            answers["422"] = _response([InvalidInput])


def _inside(document: Json, key: str) -> Json:
    return cast("Json", document.setdefault(key, {}))
