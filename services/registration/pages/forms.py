"""What the registration form was sent with: kept as typed, and checked into something one can register with."""

import unicodedata
from dataclasses import dataclass, replace
from uuid import uuid4

from starlette.datastructures import FormData

from contracts.vocabularies import HEADCOUNTS
from services.registration import emails
from services.registration.pages import views

NAME_LENGTH = 120
KEY_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A form without faults. `email` has its domain in one spelling."""

    full_name: str
    email: str
    headcount: str
    idempotency_key: str


def blank() -> views.Form:
    """Return an empty form with a key of its own: sending it twice registers once."""
    return views.Form(idempotency_key=str(uuid4()))


def typed(data: FormData) -> views.Form:
    """Return what was sent, trimmed; a key that was lost or tampered with is replaced, which only costs its protection."""
    key = _text(data, "idempotency_key")
    return views.Form(
        idempotency_key=key if 0 < len(key) <= KEY_LENGTH and key.isascii() and key.isprintable() else str(uuid4()),
        full_name=_text(data, "full_name"),
        email=_text(data, "email"),
        headcount=_text(data, "headcount"),
    )


def check(form: views.Form) -> Answers | views.Form:
    """Return the answers, or the form with what is to be corrected, in the order of the fields."""
    errors = [error for error in (_name_error(form), _email_error(form), _headcount_error(form)) if error]
    if errors:
        return replace(form, errors=tuple(errors))
    return Answers(
        full_name=form.full_name,
        email=emails.normalised(form.email),
        headcount=form.headcount,
        idempotency_key=form.idempotency_key,
    )


def anew(form: views.Form) -> views.Form:
    """Return the same answers under a new key, for a key that came with other answers before."""
    return replace(form, idempotency_key=str(uuid4()), reused=True)


def _text(data: FormData, field: str) -> str:
    value = data.get(field)
    return value.strip() if isinstance(value, str) else ""


def _name_error(form: views.Form) -> views.FieldError | None:
    if not form.full_name:
        return views.FieldError(field="full_name", problem="missing")
    if len(form.full_name) > NAME_LENGTH:
        return views.FieldError(field="full_name", problem="too_long")
    # Control characters and lone surrogates; emoji and any script are welcome.
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in form.full_name):
        return views.FieldError(field="full_name", problem="invalid")
    return None


def _email_error(form: views.Form) -> views.FieldError | None:
    if not form.email:
        return views.FieldError(field="email", problem="missing")
    if len(form.email) > emails.MAX_LENGTH:
        return views.FieldError(field="email", problem="too_long")
    try:
        emails.normalised(form.email)
    except emails.BadEmail:
        return views.FieldError(field="email", problem="invalid")
    return None


def _headcount_error(form: views.Form) -> views.FieldError | None:
    if not form.headcount:
        return views.FieldError(field="headcount", problem="missing")
    if form.headcount not in HEADCOUNTS:
        return views.FieldError(field="headcount", problem="invalid")
    return None
