"""The registration form in every state, from made-up views: what each kind of meetup asks, and what people get wrong."""

from collections.abc import Mapping
from dataclasses import replace

from contracts.fact import Locale
from contracts.retention import Retention
from services.registration.domain.questions import Option, Question, ShowIf
from services.registration.notices import notice
from services.registration.notices.consents import consent, consent_texts
from services.registration.pages.asking import questions
from services.registration.pages.catalogue import Catalogue
from services.registration.pages.form_views import Asks, ConsentBox, Form, Registered
from services.registration.pages.rendering import page
from services.registration.pages.views import FieldError, Meetup, Room, Seats
from services.registration.pages.visits import Visit

LUNCH = Question(
    id="lunch",
    kind="choice",
    label="Restez-vous au buffet\u202f?",
    required=True,
    options=(Option(id="yes", label="Oui"), Option(id="no", label="Non")),
)
QUESTIONS = (
    Question(id="topic", kind="text", label="Une question à poser à nos intervenants\u202f?"),
    LUNCH,
    Question(
        id="diet",
        kind="choices",
        label="Ce que vous ne mangez pas",
        options=(Option(id="meat", label="De la viande"), Option(id="other", label="Autre chose")),
        show_if=ShowIf(question="lunch", option="yes"),
    ),
    Question(
        id="which",
        kind="text",
        label="Quoi donc\u202f?",
        required=True,
        show_if=ShowIf(question="diet", option="other"),
    ),
)
EMPTY = Form(idempotency_key="0c7e9d2e-3a48-4a3e-9d0f-3a6f5b3f1b11")
TYPED = replace(EMPTY, typed={"full_name": ("Zaïna",)})
WRONG = replace(
    EMPTY,
    typed={
        "full_name": ("Zaïna <b>M’Changama</b>",),
        "email": ("zaina@",),
        "needs": ("cost", "time", "data"),
        "sector": ("food",),
        "identifier_scheme": ("siret",),
        "identifier_value": ("73282932000079",),
        "lunch": ("yes",),
        "q-lunch": ("yes",),
        "q-diet": ("meat", "other"),
        "q-topic": ("</textarea><script>alert(1)</script>",),
        "colleague_name_1": ("أحمد",),
        "consent_photos": ("2026-11",),
    },
    errors=(
        FieldError(field="email", problem="invalid"),
        FieldError(field="headcount", problem="missing"),
        FieldError(field="needs", problem="too_many"),
        FieldError(field="identifier_value", problem="invalid"),
        FieldError(field="colleague_email_1", problem="missing", about="colleague_email", label="1"),
        FieldError(field="q-which", problem="missing", about="answer", label="Quoi donc\u202f?"),
    ),
)


def every_form_page(texts: Catalogue, meetup: Meetup) -> Mapping[str, str]:
    """Render the page of a meetup with its form in every state in one language: HTML by name."""
    rooms = (
        Room(mode="onsite", seats=Seats(availability="waiting", waiting=3)),
        Room(mode="online", seats=Seats(availability="open", left=80)),
    )
    hybrid = replace(meetup, attendance_mode="hybrid", rooms=rooms)
    cafe = replace(meetup, format="cafe_ia")
    asked = every_question(texts)
    private = replace(_asks(texts), private=True)
    refused = replace(TYPED, errors=(FieldError(field="invitation", problem="invalid"),))
    return {
        "form-errors": render_meetup(texts, meetup, WRONG, asks=asked),
        "form-questions": render_meetup(texts, meetup, asks=asked),
        "form-hybrid": render_meetup(texts, hybrid),
        "form-hybrid-no-mode": render_meetup(
            texts,
            hybrid,
            replace(TYPED, errors=(FieldError(field="mode", problem="missing"),)),
        ),
        "form-cafe": render_meetup(texts, cafe, asks=replace(_asks(texts), least=True, consents=())),
        "form-private": render_meetup(texts, meetup, asks=private),
        "form-private-wrong-code": render_meetup(texts, meetup, refused, asks=private),
        "form-approval": render_meetup(texts, meetup, asks=replace(_asks(texts), approval=True)),
        "form-reused-key": render_meetup(texts, meetup, replace(TYPED, notice="reused")),
        "form-soon": render_meetup(texts, meetup, hold_hours=None),
        "together": _together(texts, meetup),
        "together-soon": _together(texts, meetup, hold_hours=None),
        "form-unavailable": render_meetup(texts, meetup, replace(TYPED, notice="unavailable")),
    }


def render_meetup(
    texts: Catalogue,
    meetup: Meetup,
    form: Form = EMPTY,
    *,
    asks: Asks | None = None,
    chez: str = "",
    hold_hours: int | None = 48,
) -> str:
    """Render the page of a meetup with its form."""
    values = {
        "meetup": meetup,
        "form": form,
        "asks": asks or _asks(texts),
        "demo": meetup.demo,
        "hold_hours": hold_hours,
        "url": f"https://rencontres.example/rencontres/{meetup.slug}",
    }
    visit = Visit(texts, f"/rencontres/{meetup.slug}" + (f"?chez={chez}" if chez else ""), chez)
    return bytes(page("meetup.html", visit, values).body).decode()


def _together(texts: Catalogue, meetup: Meetup, *, hold_hours: int | None = 48) -> str:
    people = [
        Registered(
            full_name="Zaïna <b>M’Changama</b>",
            email="z@exemple.fr",
            status="held",
            reference="R-7K4QX-9M2TC",
            token="k",
        ),
        Registered(full_name="Ali", email="a@exemple.fr", status="waitlisted", position=3, reference="R-7K4QX-9M2TD"),
        Registered(full_name="Hina", email="h@exemple.fr", status="pending", reference="R-7K4QX-9M2TE"),
        Registered(full_name="Éloi", email="e@exemple.fr", status="failed"),
    ]
    values = {"meetup": meetup, "people": people, "demo": True, "hold_hours": hold_hours}
    visit = Visit(texts, f"/rencontres/{meetup.slug}")
    return bytes(page("form/together.html", visit, values).body).decode()


def every_question(texts: Catalogue) -> Asks:
    """What a meetup asks whose organiser has questions of every kind."""
    return replace(_asks(texts), questions=tuple(questions(QUESTIONS)))


def _asks(texts: Catalogue) -> Asks:
    language: Locale = "fr" if texts.language == "fr" else "en"
    controllers = ["CCI Mayotte (démonstration)", "Bpifrance (démonstration)"]
    return Asks(
        notice=notice(language=language, controllers=controllers, retention=Retention()),
        consents=tuple(
            ConsentBox(purpose=purpose, version=consent(purpose).version, words=consent(purpose).words(language))
            for purpose in consent_texts()
        ),
    )
