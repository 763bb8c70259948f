"""What a model found wrong with a form, said in the words that the pages have for it."""

from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.registration.pages.views import FieldError, FieldProblem


def faults(wrong: ValidationError, fields: Sequence[str]) -> tuple[FieldError, ...]:
    """Return the first fault of each field, in the order of these."""
    found = {error["loc"][0]: problem(error) for error in reversed(wrong.errors(include_url=False))}
    return tuple(FieldError(field=field, problem=found[field]) for field in fields if field in found)


def problem(error: ErrorDetails) -> FieldProblem:
    """Return what kind of fault it is."""
    if not error["input"]:
        return "missing"
    kind = error["type"]
    return "too_long" if kind == "string_too_long" else "too_many" if kind == "too_long" else "invalid"
