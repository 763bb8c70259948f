"""Every page an attendee sees after the form, in every state, from made-up views."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from contracts.vocabularies import NOT_ASKED
from services.registration.domain.details import Details
from services.registration.domain.identifiers import Identifier
from services.registration.odds import Odds
from services.registration.pages.attendee.moves import OWN_ADDRESS
from services.registration.pages.attendee.qr import qr_code
from services.registration.pages.attendee.showing import own_data
from services.registration.pages.attendee.views import (
    Registration,
    State,
)
from services.registration.pages.catalogue import Catalogue
from services.registration.pages.form_views import Form
from services.registration.pages.forms import filled
from services.registration.pages.rendering import page
from services.registration.pages.views import FieldError, Meetup, Seats
from services.registration.pages.visits import Visit
from services.registration.people import Erasure, Export, labels
from tests.unit.registration.pages.form_gallery import WRONG, every_question
from tests.unit.registration.pages.kept_sample import KEPT, LITTLE

DEADLINE = datetime(2026, 11, 25, 6, 12, tzinfo=UTC)
ODDS = Odds(rank=3, days=9, base=40, reached=14)
CODE = qr_code("https://rencontres.example/b/7K4QX9M2TC7K4QX9M2TC7K4QX9")
TOLD = Details(
    full_name="Zaïna <b>M’Changama</b>",
    headcount="1-9",
    organisation="Menuiserie <i>Baobab</i>",
    identifier=Identifier("siret", "73282932000074"),
    role="head",
    sector="food",
    needs=("cost", "time"),
    access_needs="Une place de stationnement proche <de l’entrée>",
    answers={"lunch": ("yes",), "diet": ("other",), "which": ("</textarea><script>",)},
)
FAULTS = (FieldError(field="full_name", problem="invalid"), FieldError(field="email", problem="invalid"))
WRONG_COLLEAGUE = Form(typed={"full_name": ("Élise <b>",), "email": ("elise@",)}, errors=FAULTS)
EMAIL = "zaina@exemple.fr"
ERASURE = Erasure(person_id=KEPT.person_id, seats_given_back=2, registrations_made_anonymous=3, done=False)
JOIN_URL = "https://visio.example/" + "salle-tres-longue/" * 12 + "?cle=7f3a&x=<b>"
LOOK: tuple[State, ...] = ("held", "pending", "waitlisted", "offered", "confirmed")
"""Where the link shown after the form shows, and says to open the mail."""
UNPROVEN = ("held", "pending", "waitlisted")


def every_attendee_page(texts: Catalogue, meetup: Meetup) -> Mapping[str, str]:
    """Render every page in every state in one language: HTML by name."""

    def of(state: State, **more: object) -> Registration:
        return replace(registration(state, meetup), **more)  # type: ignore[arg-type]

    hybrid = replace(meetup, attendance_mode="hybrid")
    gone = replace(meetup, seats=Seats(availability="cancelled"))
    over = replace(meetup, seats=Seats(availability="past"))
    status = {
        "held": of("held"),
        "held-by-a-colleague": of("held", named_by="colleague"),
        "held-by-a-predecessor": of("held", named_by="predecessor"),
        "confirmed-by-a-colleague": of("confirmed", named_by="colleague"),
        "held-at-a-cafe": of("held", named_by="colleague", meetup=replace(meetup, format="cafe_ia")),
        "held-until-the-beginning": of("held", passes_on=False),
        "pending": of("pending"),
        "waitlisted": of("waitlisted", odds=ODDS),
        "waitlisted-first": of("waitlisted", waiting_position=1, odds=replace(ODDS, rank=1)),
        "waitlisted-unknown-odds": of("waitlisted", odds=replace(ODDS, base=4, reached=1)),
        "waitlisted-without-past": of("waitlisted", odds=replace(ODDS, base=0, reached=0)),
        "missed": of("missed", meetup=over, may_act=False),
        "offered": of("offered"),
        "confirmed": of("confirmed"),
        "confirmed-on-site": of("confirmed", meetup=hybrid, mode="onsite"),
        "confirmed-online": of("confirmed", meetup=hybrid, mode="online"),
        "confirmed-online-with-address": of("confirmed", meetup=hybrid, mode="online", join_url=JOIN_URL),
        "confirmed-all-online": of("confirmed", meetup=replace(meetup, attendance_mode="online")),
        "past": of("past", meetup=over, may_act=False),
        "past-attended": of("past", meetup=over, may_act=False, attended=True),
        "cancelled": of("cancelled"),
        "cancelled-by-organiser": of("cancelled", cancelled_by="organiser", meetup=gone),
        "request-refused": of("cancelled", cancelled_by="organiser", refused=True),
        "expired": of("expired"),
    }
    looks = {
        f"{state}-look": of(
            state,
            mailed=False,
            may_act=False,
            name=None,
            written_to="zaina.mchangama-madi@menuiserie-du-baobab.exemple.fr" if state in UNPROVEN else None,
        )
        for state in LOOK
    }
    too_late = "Il est trop tard pour cette rencontre"
    return {
        **{name: _registration(texts, shown) for name, shown in (status | looks).items()},
        "too-late": _registration(texts, of("confirmed", may_act=False), refusal=too_late),
        **{
            f"done-{done}": _registration(texts, of("confirmed"), done=done) for done in ("confirme", "corrige", "mode")
        },
        "done-annule": _registration(texts, of("cancelled"), done="annule"),
        "done-cede": _registration(texts, of("cancelled", handed_over=True), done="cede"),
        "handed-over": _registration(texts, of("cancelled", handed_over=True)),
        "giving-back": _own(texts, "giving_back", "/annuler", of("confirmed", waiting_behind=3)),
        "giving-back-to-one": _own(texts, "giving_back", "/annuler", of("confirmed", waiting_behind=1)),
        "giving-back-to-nobody": _own(texts, "giving_back", "/annuler", of("confirmed")),
        "giving-back-a-rank": _own(texts, "giving_back", "/annuler", of("waitlisted")),
        "refusing-a-seat": _own(texts, "giving_back", "/annuler", of("held", named_by="colleague")),
        "refusing-a-rank": _own(texts, "giving_back", "/annuler", of("waitlisted", named_by="colleague")),
        "giving-back-a-request": _own(texts, "giving_back", "/annuler", of("pending")),
        "ticket": _own(texts, "ticket", "/billet", of("confirmed"), code=CODE),
        "ticket-online": _own(texts, "ticket", "/billet", of("confirmed", meetup=hybrid, mode="online"), code=CODE),
        "ticket-online-with-address": _own(
            texts, "ticket", "/billet", of("confirmed", meetup=hybrid, mode="online", join_url=JOIN_URL), code=CODE
        ),
        "mode-online": _own(texts, "mode", "/mode", of("confirmed", meetup=hybrid, mode="onsite"), other_left=12),
        "mode-onsite": _own(texts, "mode", "/mode", of("confirmed", meetup=hybrid, mode="online"), other_left=1),
        "mode-online-full": _own(texts, "mode", "/mode", of("confirmed", meetup=hybrid, mode="onsite"), other_left=0),
        "mode-onsite-full": _own(texts, "mode", "/mode", of("confirmed", meetup=hybrid, mode="online"), other_left=0),
        "hand-over": _own(texts, "hand_over", "/ceder", of("confirmed"), form=Form()),
        "hand-over-errors": _own(texts, "hand_over", "/ceder", of("confirmed"), form=WRONG_COLLEAGUE),
        "hand-over-to-oneself": _own(
            texts, "hand_over", "/ceder", of("confirmed"), form=replace(WRONG_COLLEAGUE, errors=(OWN_ADDRESS,))
        ),
        "correction": _correction(texts, of("confirmed"), filled(TOLD)),
        "correction-of-little": _correction(texts, of("waitlisted"), filled(Details(full_name="X", headcount="1-9"))),
        "correction-past": _correction(texts, of("past", meetup=over, may_act=False), filled(TOLD)),
        "correction-cafe": _correction(
            texts, of("held"), filled(Details(full_name="Zaïna", headcount=NOT_ASKED)), least=True
        ),
        "correction-errors": _correction(texts, of("confirmed"), replace(WRONG, errors=WRONG.errors[1:-2])),
        "correction-unanswered": _correction(texts, of("confirmed"), replace(WRONG, errors=WRONG.errors[-1:])),
        "data": _data(texts, of("confirmed"), KEPT),
        "data-withdrawn": _data(texts, of("past"), KEPT, done="accord"),
        "data-objected": _data(texts, of("past"), LITTLE, done="opposition"),
        "data-held": _data(texts, of("past"), LITTLE, refusal=texts.text("data.held")),
        "erasure": _own(texts, "erasure", "/donnees/effacer", of("confirmed"), email=EMAIL, would=ERASURE),
        "erasure-past": _own(
            texts, "erasure", "/donnees/effacer", of("past"), email=EMAIL, would=replace(ERASURE, seats_given_back=0)
        ),
        "erased": _render("erased", texts, "/", about="erased"),
        "declined-and-erased": _render("erased", texts, "/", about="named.refused"),
        "unknown-link": _render("unknown_link", texts, "/"),
        "links": _links(texts),
        "links-error": _links(texts, Form(typed={"email": ("zaina@",)}, errors=FAULTS[1:])),
        "links-received": _links(texts, received=True),
        "ticket-code": _render("ticket_code", texts, "/b/7K4QX9M2TC7K4QX9M2TC7K4QX9"),
    }


def registration(state: State, meetup: Meetup) -> Registration:
    """A registration of somebody, as its mailed link shows it."""
    return Registration(
        reference="R-7K4QX-9M2TC",
        state=state,
        meetup=meetup,
        token="kQ7x",
        mailed=True,
        may_act=True,
        name="Zaïna <b>M’Changama</b>",
        waiting_position=3 if state == "waitlisted" else None,
        expires_at=DEADLINE if state in ("held", "offered") else None,
        cancelled_by="attendee" if state == "cancelled" else None,
    )


def _registration(texts: Catalogue, shown: Registration, *, refusal: str | None = None, done: str | None = None) -> str:
    return _own(texts, "registration", "", shown, refusal=refusal, done=done)


def _own(texts: Catalogue, template: str, path: str, shown: Registration, **values: object) -> str:
    here = f"/inscriptions/{shown.reference}{path}"
    return _render(template, texts, here, **{"registration": shown, "refusal": None, "demo": True, **values})


def _data(
    texts: Catalogue, shown: Registration, kept: Export, *, done: str | None = None, refusal: str | None = None
) -> str:
    data = own_data(kept, labels(texts.locale))
    return _own(texts, "data", "/donnees", shown, data=data, done=done, refusal=refusal)


def _correction(texts: Catalogue, shown: Registration, form: Form, *, least: bool = False) -> str:
    asks = replace(every_question(texts), least=least)
    return _own(texts, "correction", "/corriger", shown, form=form, asks=asks)


def _links(texts: Catalogue, form: Form = Form(), *, received: bool = False) -> str:  # noqa: B008 - frozen
    return _render("links", texts, "/mes-inscriptions", received=received, form=form)


def _render(template: str, texts: Catalogue, path: str, **values: object) -> str:
    response = page(f"attendee/{template}.html", Visit(texts, path), {"demo": False, **values})
    return bytes(response.body).decode()
