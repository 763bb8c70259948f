"""What a model found wrong with a form of these pages, in the order of its fields."""

from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.registration.pages.views import FieldError, FieldProblem


def faults(wrong: ValidationError, fields: Sequence[str]) -> tuple[FieldError, ...]:
    """Return the first fault of each field; one of a part of a field is named after both, `identifier_value`."""
    found = {
        "_".join(str(part) for part in error["loc"]): _problem(error)
        for error in reversed(wrong.errors(include_url=False))
    }
    return tuple(FieldError(field=field, problem=found[field]) for field in fields if field in found)


def _problem(error: ErrorDetails) -> FieldProblem:
    if not error["input"]:
        return "missing"
    return "too_long" if error["type"] == "string_too_long" else "invalid"
