"""What the registration form was sent with: kept as typed, and checked by the very model of the JSON API."""

import re
from dataclasses import replace
from uuid import uuid4

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.datastructures import FormData

from contracts.fact import Locale
from services.registration.api.fields import IDEMPOTENCY_KEY
from services.registration.api.registrations import RegistrationForm
from services.registration.pages import views

FIELDS = ("full_name", "email", "headcount")
"""In the order of the page, which is that of the list of faults."""


def blank() -> views.Form:
    """Return an empty form with a key of its own: sending it twice registers once."""
    return views.Form(idempotency_key=_new_key())


def typed(data: FormData) -> views.Form:
    """Return what was sent, trimmed; a key that was lost or tampered with is replaced, which only costs its protection."""
    key = _text(data, "idempotency_key")
    return views.Form(
        idempotency_key=key if re.fullmatch(IDEMPOTENCY_KEY, key) else _new_key(),
        full_name=_text(data, "full_name"),
        email=_text(data, "email"),
        headcount=_text(data, "headcount"),
    )


def check(form: views.Form, *, locale: Locale) -> RegistrationForm | views.Form:
    """Return what one can register with, or the form with what is to be corrected."""
    answers = {field: getattr(form, field) for field in FIELDS}
    try:
        return RegistrationForm.model_validate({**answers, "locale": locale})
    except ValidationError as wrong:
        found = {str(error["loc"][0]): _problem(error) for error in reversed(wrong.errors(include_url=False))}
        errors = [views.FieldError(field=field, problem=found[field]) for field in FIELDS if field in found]
        return replace(form, errors=tuple(errors))


def anew(form: views.Form) -> views.Form:
    """Return the same answers under a new key, for a key that came with other answers before."""
    return replace(form, idempotency_key=_new_key(), notice="reused")


def _text(data: FormData, field: str) -> str:
    value = data.get(field)
    return value.strip() if isinstance(value, str) else ""


def _problem(error: ErrorDetails) -> views.FieldProblem:
    if not error["input"]:
        return "missing"
    return "too_long" if error["type"] == "string_too_long" else "invalid"


def _new_key() -> str:
    return str(uuid4())
