"""What the registration form was sent with: kept as typed, and checked by the very model of the JSON API and the rules of admission."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias
from uuid import uuid4

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.datastructures import FormData

from contracts.fact import Locale
from services.registration.api.fields import IDEMPOTENCY_KEY
from services.registration.api.registration_form import ColleagueForm, DetailsForm, RegistrationForm
from services.registration.domain.details import Details
from services.registration.domain.meetups import Meetup
from services.registration.domain.questions import Fault, read_answers
from services.registration.domain.refusals import AnswersRefused, HeadcountMissing, InvitationRefused, NoSuchRoom
from services.registration.domain.terms import Terms
from services.registration.emails import BadEmail, email_key, normalised
from services.registration.notices import versions
from services.registration.notices.consents import consent_texts, known
from services.registration.pages.faults import problem
from services.registration.pages.form_views import COLLEAGUES, Form
from services.registration.pages.views import FieldError, FieldProblem
from services.registration.registering_together import Colleague

MOST_FIELDS = 200
"""Ours, and more boxes than anybody ticks."""

_LONGEST = 4000
_Value: TypeAlias = (
    "str | Sequence[str] | Mapping[str, str] | Sequence[Mapping[str, str]] | Mapping[str, Sequence[str]] | None"
)


def blank(*, invitation: str = "") -> Form:
    """Return an empty form with a key of its own: sending it twice registers once. A link may bring its code along."""
    return Form(idempotency_key=_new_key(), typed={"invitation": (invitation[:60],)} if invitation else {})


def filled(told: Details) -> Form:
    """Return the form with what was told before, to be corrected."""
    one = {
        "full_name": told.full_name,
        "headcount": told.headcount,
        "organisation": told.organisation,
        "identifier_scheme": told.identifier and told.identifier.scheme,
        "identifier_value": told.identifier and told.identifier.value,
        "role": told.role,
        "sector": told.sector,
        "access_needs": told.access_needs,
    }
    several = {"needs": told.needs or (), **{f"q-{question}": answer for question, answer in told.answers.items()}}
    return Form(typed={**{name: (value,) for name, value in one.items() if value}, **several})


def typed(data: FormData) -> Form:
    """Return what was sent, trimmed; a key that was lost or tampered with is replaced, which only costs its protection."""
    kept: dict[str, tuple[str, ...]] = {}
    for name, value in data.multi_items():
        if isinstance(value, str) and (text := value.strip()[:_LONGEST]):
            kept[name] = (*kept.get(name, ()), text)
    key = next(iter(kept.pop("idempotency_key", ())), "")
    return Form(idempotency_key=key if re.fullmatch(IDEMPOTENCY_KEY, key) else _new_key(), typed=kept)


def check(
    form: Form, meetup: Meetup, *, locale: Locale, zone: str | None = None
) -> tuple[RegistrationForm, list[Colleague]] | Form:
    """Return what one and one's colleagues can register with, or the form with everything that is to be corrected."""
    terms = meetup.terms
    hybrid = meetup.programme.attendance_mode == "hybrid"
    others = [] if terms.least else colleagues(form)
    faults = [
        *_missing(form, terms, hybrid=hybrid),
        *_missing_details(form, terms),
        *_faults_of_colleagues(form, others),
    ]
    try:
        mode = form.value("mode") or None if hybrid else None
        sent = {**_details(form, terms), **_sent(form, terms)}
        answers = RegistrationForm.model_validate({**sent, "mode": mode, "locale": locale, "timezone": zone})
    except ValidationError as wrong:
        faults += [_fault(error, terms) for error in wrong.errors(include_url=False)]
    else:
        if not faults:
            return answers, [_colleague(name, email) for _, name, email in others]
    return refused(form, faults, terms)


def check_details(form: Form, terms: Terms) -> DetailsForm | Form:
    """Return what somebody tells anew about themselves and their firm, or the form with everything that is to be corrected."""
    faults = list(_missing_details(form, terms))
    try:
        answers = DetailsForm.model_validate(_details(form, terms))
    except ValidationError as wrong:
        faults += [_fault(error, terms) for error in wrong.errors(include_url=False)]
    else:
        if not faults:
            return answers
    return refused(form, faults, terms)


def refused(form: Form, faults: Sequence[FieldError], terms: Terms) -> Form:
    """Return the form with what is wrong, once a field, in the order of the page."""
    first: dict[str, FieldError] = {}
    for fault in faults:
        first.setdefault(fault.field, fault)
    order = ["invitation", *_ORDER, *(f"q-{question.id}" for question in terms.questions)]
    place = {name: index for index, name in enumerate(order)}
    errors = sorted(first.values(), key=lambda error: place.get(error.field, len(place)))
    return replace(form, errors=tuple(errors))


Refused: TypeAlias = AnswersRefused | HeadcountMissing | InvitationRefused | NoSuchRoom


def refused_by_desk(form: Form, refusal: Refused, meetup: Meetup) -> Form:
    """Return the form with what the desk said no to: a code, or what was changed between page and answer."""
    if isinstance(refusal, AnswersRefused):
        return refused(form, list(_answer_faults(form, meetup.terms)), meetup.terms)
    return refused(form, [_DESK_FAULTS[type(refusal)]], meetup.terms)


_DESK_FAULTS: Mapping[type[Refused], FieldError] = {
    InvitationRefused: FieldError(field="invitation", problem="invalid"),
    HeadcountMissing: FieldError(field="headcount", problem="missing"),
    NoSuchRoom: FieldError(field="mode", problem="invalid"),
}


def anew(form: Form) -> Form:
    """Return the same answers under a new key, for a key that came with other answers before."""
    return replace(form, idempotency_key=_new_key(), notice="reused")


def colleagues(form: Form) -> list[tuple[int, str, str]]:
    """Return who else is to be registered: the place in the form, name and address, as far as they were typed."""
    places = (
        (n, form.value(f"colleague_name_{n}"), form.value(f"colleague_email_{n}")) for n in range(1, COLLEAGUES + 1)
    )
    return [(n, name, email) for n, name, email in places if name or email]


_ORDER = (
    "mode",
    "full_name",
    "email",
    "headcount",
    "organisation",
    "sector",
    "needs",
    "role",
    "identifier_scheme",
    "identifier_value",
    "access_needs",
    *(f"colleague_{part}_{n}" for n in range(1, COLLEAGUES + 1) for part in ("name", "email")),
)
"""Of the page, which is that of the list of faults; the organiser's questions come after."""


def _missing(form: Form, terms: Terms, *, hybrid: bool) -> Iterator[FieldError]:
    if hybrid and not form.value("mode"):
        yield FieldError(field="mode", problem="missing")
    if terms.private and not form.value("invitation"):
        yield FieldError(field="invitation", problem="missing")


def _missing_details(form: Form, terms: Terms) -> Iterator[FieldError]:
    if not terms.least and not form.value("headcount"):
        yield FieldError(field="headcount", problem="missing")
    if form.value("identifier_value") and not form.value("identifier_scheme") and not terms.least:
        yield FieldError(field="identifier_scheme", problem="missing")
    yield from _answer_faults(form, terms)


def _answer_faults(form: Form, terms: Terms) -> Iterator[FieldError]:
    labels = {question.id: question.label for question in terms.questions}
    for fault in read_answers(terms.questions, _answers(form, terms))[1]:
        yield FieldError(
            field=f"q-{fault.question}",
            problem=_ANSWER_PROBLEMS[fault.fault],
            about="answer",
            label=labels[fault.question],
        )


_ANSWER_PROBLEMS: Mapping[Fault, FieldProblem] = {
    "missing": "missing",
    "too_long": "too_long",
    "not_a_choice": "invalid",
    "one_only": "invalid",
    "unknown": "invalid",
}


def _faults_of_colleagues(form: Form, others: Sequence[tuple[int, str, str]]) -> Iterator[FieldError]:
    seen = {_spelling(form.value("email"))}
    for place, name, email in others:
        try:
            ColleagueForm.model_validate({"full_name": name, "email": email})
        except ValidationError as wrong:
            for error in wrong.errors(include_url=False):
                part = "name" if error["loc"][0] == "full_name" else "email"
                yield _of_colleague(part, place, problem(error))
        else:
            if _spelling(email) in seen:
                yield _of_colleague("email", place, "repeated")
            seen.add(_spelling(email))


def _of_colleague(part: str, place: int, problem: FieldProblem) -> FieldError:
    return FieldError(field=f"colleague_{part}_{place}", problem=problem, about=f"colleague_{part}", label=str(place))


def _spelling(email: str) -> str:
    try:
        return email_key(normalised(email))
    except BadEmail:
        return email


def _colleague(name: str, email: str) -> Colleague:
    return ColleagueForm.model_validate({"full_name": name, "email": email}).colleague()


def _details(form: Form, terms: Terms) -> dict[str, _Value]:
    """Return what is told of oneself and one's firm as the API takes it; what was left empty is left out, what was not asked for is not looked at."""
    told: dict[str, _Value] = {
        "full_name": form.value("full_name"),
        "headcount": None,
        "answers": _answers(form, terms),
    }
    if terms.least:
        return told
    for name in ("headcount", "organisation", "sector", "role", "access_needs"):
        told[name] = form.value(name) or None
    told["needs"] = form.typed.get("needs", ())
    if form.value("identifier_scheme") and form.value("identifier_value"):
        told["identifier"] = {"scheme": form.value("identifier_scheme"), "value": form.value("identifier_value")}
    return told


def _sent(form: Form, terms: Terms) -> dict[str, _Value]:
    """Return the rest of the answers, in the same way."""
    # A version that was never shown comes from no form of ours, and is no proof of anything.
    ticked = () if terms.least else ((purpose, form.value(f"consent_{purpose}")) for purpose in consent_texts())
    return {
        "email": form.value("email"),
        "notice_version": version if (version := form.value("notice_version")) in versions() else None,
        "invitation": form.value("invitation") or None,
        "consents": [{"purpose": p, "text_version": version} for p, version in ticked if known(p, version)],
    }


def _answers(form: Form, terms: Terms) -> dict[str, tuple[str, ...]]:
    sent = {question.id: form.typed.get(f"q-{question.id}", ()) for question in terms.questions}
    return {question: answer for question, answer in sent.items() if answer}


def _fault(error: ErrorDetails, terms: Terms) -> FieldError:
    name, *rest = (str(step) for step in error["loc"])
    if name == "answers" and rest:
        label = next(question.label for question in terms.questions if question.id == rest[0])
        return FieldError(field=f"q-{rest[0]}", problem=problem(error), about="answer", label=label)
    if name == "identifier":
        name = f"identifier_{rest[0]}" if rest else "identifier_value"
    return FieldError(field=name, problem=problem(error))


def _new_key() -> str:
    return str(uuid4())
