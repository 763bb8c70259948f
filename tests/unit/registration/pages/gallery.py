"""Every page in every state, from made-up views: what the tests of the pages walk through, and what one looks at in a browser."""

# ruff: noqa: DTZ001 - wall times of venues

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from contracts.retention import Retention
from services.registration import notices
from services.registration.domain.facets import Facets
from services.registration.pages import views
from services.registration.pages.catalogue import Catalogue
from services.registration.pages.rendering import page
from services.registration.pages.views import (
    Meetup,
    Organiser,
    Seats,
)
from services.registration.pages.visits import Visit
from tests.unit.registration.pages.attendee_gallery import every_attendee_page
from tests.unit.registration.pages.defence_gallery import every_form_held_back
from tests.unit.registration.pages.form_gallery import every_form_page, render_meetup
from tests.unit.registration.pages.programme_gallery import every_programme_page
from tests.unit.registration.pages.site_gallery import every_site_page

MAMOUDZOU = Meetup(
    id=UUID("0193f0a4-6f1e-7c30-9a55-1d2f3b4c5d6e"),
    slug="mamoudzou-2027-02",
    title="Par où commencer avec l’IA dans une entreprise de moins de dix salariés\u202f?",
    description=(
        "Deux heures pour repartir avec une première idée chiffrée\u202f: on part de vos tâches de la semaine, pas de la technique.",
        "Venez avec un exemple\u202f: un devis, un planning, un courrier qui vous prend trop de temps.",
    ),
    territory="976",
    territory_name="Mayotte",
    format="workshop",
    attendance_mode="onsite",
    starts=datetime(2027, 2, 4, 9, 0),
    ends=datetime(2027, 2, 4, 11, 0),
    zone="Indian/Mayotte",
    venue="La Case aux Idées",
    address="12 rue de l’Exemple, Mamoudzou (adresse fictive)",
    organisers=(
        Organiser(name="CCI Mayotte (démonstration)", role="lead"),
        Organiser(name="Bpifrance (démonstration)", role="co"),
    ),
    seats=Seats(availability="open", left=42),
    calendar_sequence=1,
    changed_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
    demo=True,
)
TAIOHAE = replace(
    MAMOUDZOU,
    slug="2027-02-taiohae",
    title="Hôtels, pensions et guides\u202f: répondre aux voyageurs dans leur langue",
    territory="987",
    territory_name="Polynésie française",
    zone="Pacific/Marquesas",
    starts=datetime(2027, 2, 9, 8, 0),
    ends=datetime(2027, 2, 9, 10, 30),
    venue="Maison du Pandanus",
    seats=Seats(availability="waiting", waiting=12),
)
LILLE = replace(
    MAMOUDZOU,
    slug="2027-03-lille",
    title="Maintenance prédictive\u202f: écouter ses machines avant la panne",
    territory="59",
    territory_name="Nord",
    zone="Europe/Paris",
    format="matchmaking",
    attendance_mode="hybrid",
    starts=datetime(2027, 3, 1, 18, 0),
    ends=datetime(2027, 3, 1, 20, 30),
    venue="Le Hangar aux Horloges",
    seats=Seats(availability="open", left=1),
)


def with_seats(seats: Seats) -> Meetup:
    """The meetup of Mamoudzou in another state."""
    return replace(MAMOUDZOU, seats=seats)


def every_page(texts: Catalogue) -> Mapping[str, str]:
    """Render every page in every state in one language: HTML by name."""
    shown = {
        **every_programme_page(texts, MAMOUDZOU, TAIOHAE, LILLE),
        "meetup-open": _meetup(texts, MAMOUDZOU),
        "meetup-seen-from-elsewhere": _meetup(texts, LILLE, chez="987.Pacific/Marquesas"),
        "meetup-online": _meetup(texts, replace(MAMOUDZOU, attendance_mode="online")),
        "meetup-moved": _meetup(
            texts,
            replace(
                MAMOUDZOU,
                title="L’IA </script><script>alert(1)</script> & vous",
                stood=datetime(2027, 1, 7, 9),
                stood_zone="Indian/Mayotte",
                facets=Facets(audiences=("craft", "small_firms"), level="discovery"),
            ),
        ),
        "meetup-waiting": _meetup(texts, with_seats(Seats(availability="waiting", waiting=12))),
        "meetup-full": _meetup(texts, with_seats(Seats(availability="waiting"))),
        "meetup-closed": _meetup(texts, with_seats(Seats(availability="closed"))),
        "meetup-past": _meetup(texts, with_seats(Seats(availability="past"))),
        "meetup-cancelled": _meetup(texts, with_seats(Seats(availability="cancelled"))),
        "notice": _notice(texts, "rgpd"),
        "notice-of-a-meetup": _notice(texts, "adapted", of=TAIOHAE),
        "notice-old": _notice(texts, "rgpd", current=False),
    }
    shown |= every_form_page(texts, MAMOUDZOU)
    shown |= every_attendee_page(texts, MAMOUDZOU)
    shown |= every_site_page(texts)
    shown |= every_form_held_back(texts)
    problems = {
        f"problem-{status}": _problem(texts, status, back="/rencontres/x" if status != 404 else None)
        for status in (403, 404, 409, 422, 429, 500, 503)
    }
    return {**shown, **problems}


def _meetup(texts: Catalogue, meetup: Meetup, *, chez: str = "") -> str:
    return render_meetup(texts, meetup, chez=chez)


def _notice(texts: Catalogue, law: notices.Law, *, of: Meetup | None = None, current: bool = True) -> str:
    names = [by.name for by in of.organisers] if of else [str(texts.text("notice.organisers_of_each"))]
    text = notices.notice(
        language="fr" if texts.language == "fr" else "en",
        controllers=names,
        retention=Retention(),
        law=law,
        together=True,
    )
    shown = views.ShownNotice(
        text=text,
        since=datetime(2026, 11, 1),
        is_current=current,
        path="/donnees-personnelles",
        others=() if current else ("2027-06",),
    )
    controllers = [
        views.Controller(name=by.name, role=by.role, email="ia@exemple.example") for by in (of.organisers if of else ())
    ]
    link = views.MeetupLink(slug=of.slug, title=of.title) if of else None
    return _render(
        "notice.html", texts, "/donnees-personnelles", notice=shown, meetup=link, controllers=controllers, demo=True
    )


def _problem(texts: Catalogue, status: int, *, back: str | None) -> str:
    return _render(
        "problem.html",
        texts,
        "/",
        demo=False,
        code=status,
        heading=texts.text(f"problem.{status}.heading"),
        help=texts.text(f"problem.{status}.help"),
        detail=None,
        back=back,
    )


def _render(template: str, texts: Catalogue, path: str, **values: object) -> str:
    return bytes(page(template, Visit(texts, path), values).body).decode()
