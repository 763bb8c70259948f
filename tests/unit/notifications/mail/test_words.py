"""What mails say. The text parts are kept in `golden/`; `UPDATE_GOLDEN=1` writes them anew, to be read before they are committed."""

import os
import re
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from contracts.fact import Locale
from contracts.meetup import MeetupStatus, Venue
from services.notifications.domain.notices import Facts, Kind
from services.notifications.mail import moments
from services.notifications.mail.rendering import Words, render
from tests.fixtures.letters import COMPOSER, JOIN_URL, TO_ORGANISATIONS, letter, links
from tests.fixtures.notifying import NOW, meetup

GOLDEN = Path(__file__).parent / "golden"
ONLINE = meetup(attendance_mode="online", venue=Venue(name="Visioconférence", address="Salle de l’écran"))
EVERY_MAIL = pytest.mark.parametrize(("kind", "locale"), [(kind, locale) for kind in Kind for locale in ("fr", "en")])


def words(kind: Kind, locale: Locale = "fr") -> Words:
    return render(letter(kind, locale), COMPOSER.links)


@EVERY_MAIL
def test_the_text_is_what_was_agreed_on(kind: Kind, locale: Locale) -> None:
    said = words(kind, locale)
    text = f"{said.subject}\n\n{said.text}"
    file = GOLDEN / f"{locale}.{kind}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@EVERY_MAIL
def test_text_and_html_say_the_same(kind: Kind, locale: Locale) -> None:
    said = words(kind, locale)
    page = _Page(said.html)
    in_text = set(re.findall(r"\w+", re.sub(r"https?://\S+", "", said.text)))
    in_html = set(re.findall(r"\w+", re.sub(r"https?://\S+", "", page.text)))
    assert in_text <= in_html
    assert in_html - in_text <= {"Rencontres"}
    assert set(re.findall(r"https?://\S+", said.text)) == set(page.links)


@EVERY_MAIL
def test_the_html_is_a_page_that_loads_nothing(kind: Kind, locale: Locale) -> None:
    said = words(kind, locale)
    page = _Page(said.html)
    assert page.language == locale
    assert page.headings == ["h1"]
    assert not page.tags & {"img", "script", "link", "table", "iframe", "object"}
    assert "url(" not in said.html
    assert "@import" not in said.html
    assert len(said.html.encode()) < 8_000


@EVERY_MAIL
def test_french_is_set_as_french_and_english_is_not(kind: Kind, locale: Locale) -> None:
    said = words(kind, locale)
    text = said.subject + "\n" + re.sub(r"https?://\S+", "", said.text)
    if locale == "fr":
        assert not re.search(r"[^\u202f\d\s][;:?!»](?!\d)", text)
        assert not re.search(r"[ \u00a0][;:?!»]|«[^\u202f]", text)
    else:
        assert "\u202f" not in text
    assert "'" not in text


@EVERY_MAIL
def test_the_subject_says_when_and_where(kind: Kind, locale: Locale) -> None:
    subject = words(kind, locale).subject
    if kind is Kind.NEW_REGISTRATIONS:
        assert subject in (
            "1\u202f204 nouvelles inscriptions à vos 2 rencontres",
            "1,204 new registrations for your 2 meetups",
        )
    elif kind is Kind.REGISTRATION_LINKS:
        assert subject in ("Vos 2 inscriptions", "Your 2 registrations")
    else:
        assert ("jeudi 4 février à 09:00" if locale == "fr" else "Thursday 4 February at 09:00") in subject
        place = ("en ligne" if locale == "fr" else "online") if kind is Kind.JOIN_CHANGED else "CCI de Mayotte"
        assert subject.endswith(place)


@EVERY_MAIL
def test_organisers_read_nobody_s_name_and_get_no_token(kind: Kind, locale: Locale) -> None:
    said = words(kind, locale)
    if kind in TO_ORGANISATIONS:
        assert "Zaïna" not in said.text + said.html
        assert "s3cret" not in said.text + said.html


def test_hostile_names_stay_words() -> None:
    hostile = '<script>alert(1)</script> & "Zaïna" {{ 7 * 7 }}'
    about = meetup(title='<img src=x onerror="alert(1)">', venue=meetup().venue.model_copy(update={"name": "<b>CCI"}))
    said = render(letter(Kind.SEAT_CONFIRMED, name=hostile, about=about), COMPOSER.links)
    page = _Page(said.html)
    assert not page.tags & {"script", "img", "b"}
    assert hostile in " ".join(page.text.split())
    assert "49" not in said.text


@EVERY_MAIL
def test_every_mail_to_an_attendee_says_why_it_came_and_leads_to_their_rights(kind: Kind, locale: Locale) -> None:
    said = words(kind, locale)
    own_data = re.findall(r"https://\S+/inscriptions/7K3M-Q2XP/donnees\?token=s3cret-t0ken", said.text)
    if kind in TO_ORGANISATIONS:
        assert own_data == []
    else:
        assert len(own_data) == 1
        assert "/donnees-personnelles" in said.text
        assert (
            "Vous recevez ce message parce que" if locale == "fr" else "You receive this message because"
        ) in said.text


FIRST = (Kind.CONFIRM_ADDRESS, Kind.WAITING_LIST, Kind.REQUEST_RECEIVED)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (*TO_ORGANISATIONS, Kind.REGISTRATION_LINKS)])
@pytest.mark.parametrize(
    ("named_by", "locale", "whence", "why"),
    [
        ("colleague", "fr", "Un ou une collègue a demandé votre inscription et", "parce qu’un ou une collègue"),
        ("predecessor", "fr", "vous cède sa place et nous a donné", "parce qu’une personne qui vous cède sa place"),
        ("colleague", "en", "A colleague has asked to register you and", "because a colleague gave us"),
        ("predecessor", "en", "hands you their seat and gave us", "because somebody who hands you their seat"),
    ],
)
def test_who_was_named_by_somebody_else_is_told_whence_the_address_comes(
    kind: Kind, named_by: str, locale: Locale, whence: str, why: str
) -> None:
    said = render(letter(kind, locale, named_by=named_by), COMPOSER.links)
    for text in (said.text, _Page(said.html).text):
        one_line = " ".join(text.split())
        assert (whence in one_line) == (kind in FIRST)
        assert why in one_line
        assert ("collègue" in one_line or "colleague" in one_line) == (named_by == "colleague")
    if kind is Kind.CONFIRM_ADDRESS:
        assert "/inscriptions/7K3M-Q2XP/annuler?token=" in said.text
        assert ("est effacé" in said.text) or ("is erased" in said.text)


@pytest.mark.parametrize(("written", "title"), [(23, "C’est demain"), (6, "C’est aujourd’hui")])
def test_a_reminder_that_is_late_does_not_say_tomorrow(written: int, title: str) -> None:
    late = replace(letter(Kind.REMINDER), written_at=meetup().starts_at - timedelta(hours=written))
    said = render(late, COMPOSER.links)
    assert said.text.startswith(title)


def test_one_tap_of_a_reminder_opens_the_page_with_the_one_button() -> None:
    said = words(Kind.REMINDER)
    assert (
        "Je ne peux plus venir\u202f:\nhttps://rencontres.example/inscriptions/7K3M-Q2XP/annuler?token=s3cret-t0ken"
        in said.text
    )


@pytest.mark.parametrize(
    ("facts", "about", "expected"),
    [
        (
            Facts(was="waitlisted", cancelled_by="organiser", awaiting=True),
            "published",
            "n’ont pas pu retenir votre demande",
        ),
        (Facts(was="waitlisted", cancelled_by="organiser", awaiting=True), "cancelled", "ont annulé la rencontre"),
        (Facts(was="confirmed", cancelled_by="organiser"), "published", "ont annulé votre inscription"),
        (Facts(was="waitlisted", cancelled_by="attendee", awaiting=True), "published", "votre demande est retirée"),
        (Facts(was="offered", cancelled_by="attendee"), "published", "passe à la personne suivante"),
        (Facts(was="confirmed", cancelled_by="attendee"), "published", "la place n’est plus à votre nom"),
    ],
)
def test_an_end_is_told_for_what_it_is(facts: Facts, about: MeetupStatus, expected: str) -> None:
    said = render(letter(Kind.REGISTRATION_CANCELLED, facts=facts, about=meetup(status=about)), COMPOSER.links)
    assert expected in " ".join(said.text.split())


def test_an_approval_is_an_offer_that_says_so() -> None:
    approved = Facts(expires_at=NOW, status="offered", was="waitlisted", approved=True)
    said = render(letter(Kind.SEAT_OFFERED, facts=approved), COMPOSER.links)
    assert said.subject.startswith("Demande acceptée")
    assert "s’est libérée" not in said.text


def test_an_online_meetup_says_how_to_join_and_sends_nobody_to_a_door() -> None:
    said = render(letter(Kind.SEAT_CONFIRMED, about=ONLINE, join_url=JOIN_URL), COMPOSER.links)
    assert said.subject.endswith("en ligne")
    assert f"Pour vous connecter\u202f: {JOIN_URL}" in said.text
    assert JOIN_URL in _Page(said.html).links
    assert "accueil" not in said.text


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("fr", "l’adresse n’est pas encore connue, vous la recevrez"),
        ("en", "the address is not known yet, you will get"),
    ],
)
@pytest.mark.parametrize("kind", [Kind.SEAT_CONFIRMED, Kind.REMINDER])
def test_where_nobody_knows_yet_how_to_join_it_says_so(kind: Kind, locale: Locale, expected: str) -> None:
    said = render(letter(kind, locale, about=ONLINE), COMPOSER.links)
    assert expected in " ".join(said.text.split())
    assert "Salle de l’écran" not in said.text


@pytest.mark.parametrize(
    "kind",
    [Kind.CONFIRM_ADDRESS, Kind.WAITING_LIST, Kind.REQUEST_RECEIVED, Kind.SEAT_OFFERED, Kind.REGISTRATION_CANCELLED],
)
def test_who_has_no_seat_is_not_told_how_to_join(kind: Kind) -> None:
    said = render(letter(kind, about=ONLINE, join_url=JOIN_URL), COMPOSER.links)
    assert "visio.example" not in said.text + said.html


def test_an_address_taken_back_is_not_a_new_one() -> None:
    said = render(replace(letter(Kind.JOIN_CHANGED), contact=letter(Kind.REMINDER).contact), COMPOSER.links)
    assert said.text.startswith("L’adresse de connexion va changer")
    assert "visio.example" not in said.text + said.html


def test_a_hybrid_meetup_speaks_to_each_as_they_come() -> None:
    hybrid = meetup(attendance_mode="hybrid", online_capacity=40)
    room = render(letter(Kind.REMINDER, about=hybrid, mode="onsite"), COMPOSER.links)
    screen = render(letter(Kind.REMINDER, about=hybrid, mode="online"), COMPOSER.links)
    assert "Où\u202f: CCI de Mayotte, Place Mariage" in room.text
    assert "Où\u202f: en ligne\n" in screen.text
    assert "Place Mariage" not in screen.text
    assert "billet" not in screen.text


def test_a_hybrid_meetup_counts_both_its_rooms_for_organisers() -> None:
    said = render(
        letter(Kind.NEW_REGISTRATION, about=meetup(attendance_mode="hybrid", online_capacity=40)), COMPOSER.links
    )
    assert "Places prises\u202f: 12 sur 184" in said.text


def test_organisers_read_that_a_seat_changed_hands_and_not_that_one_more_is_taken() -> None:
    said = render(letter(Kind.NEW_REGISTRATION, named_by="predecessor"), COMPOSER.links)
    assert said.subject.startswith("Place cédée")
    assert "Une place de plus" not in said.text
    assert "de plus est prise" in render(letter(Kind.NEW_REGISTRATION, named_by="colleague"), COMPOSER.links).text


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_a_request_says_to_organisers_how_it_is_answered(locale: Locale) -> None:
    asked = Facts(status="waitlisted", awaiting=True, headcount="1-9", taken=12, waiting=0)
    said = render(letter(Kind.NEW_REGISTRATION, locale, facts=asked), COMPOSER.links)
    for told in (said.text, said.html):
        assert "/registrations/7K3M-Q2XP/approve" in told


@pytest.mark.parametrize("kind", [Kind.CONFIRM_ADDRESS, Kind.SEAT_OFFERED])
def test_nobody_is_offered_a_seat_that_is_held_until_the_beginning(kind: Kind) -> None:
    at_the_start = replace(letter(kind).facts, expires_at=meetup().starts_at)
    assert "Ensuite, elle" in render(letter(kind), COMPOSER.links).text.replace("\n", " ")
    assert "Ensuite, elle" not in render(letter(kind, facts=at_the_start), COMPOSER.links).text.replace("\n", " ")


def test_one_link_is_spoken_of_as_one_and_a_made_up_meetup_as_such() -> None:
    line = replace(links(meetup(demo=True))[0], status="held")
    said = render(replace(letter(Kind.REGISTRATION_LINKS), links=(line,)), COMPOSER.links)
    one_line = " ".join(said.text.split())
    assert "le lien demandé. Il ouvre votre inscription" in one_line
    assert "ce lien n’a été envoyé" in one_line
    assert "Démonstration" in one_line
    assert "jusqu’à quand la place est gardée" in one_line


def test_somebody_registered_twice_is_told_which_one_counts() -> None:
    again = replace(letter(Kind.REGISTRATION_LINKS, facts=Facts(reason="registered_again")), links=links(meetup())[:1])
    said = render(again, COMPOSER.links)
    assert said.subject.startswith(
        "Vous avez déjà une inscription\u202f: Café IA de Mamoudzou, jeudi 4 février à 09:00"
    )
    assert "Rien n’a changé" in said.text


def test_a_plain_cancellation_speaks_of_no_calendar() -> None:
    said = render(
        letter(Kind.REGISTRATION_CANCELLED, facts=Facts(was="waitlisted", cancelled_by="attendee")), COMPOSER.links
    )
    assert "agenda" not in said.text
    assert "liste d’attente" in said.text


def test_a_meetup_that_is_made_up_says_so() -> None:
    said = render(letter(Kind.SEAT_CONFIRMED, about=meetup(demo=True)), COMPOSER.links)
    assert "cette rencontre est inventée" in said.text


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    starts, ends = datetime.fromisoformat("2027-05-01T18:00"), datetime.fromisoformat("2027-05-01T20:00")
    when = moments.span(starts, ends, "America/Marigot", "fr")
    assert when.whole == "samedi 1er mai 2027, de 18:00 à 20:00, heure de Saint-Martin"


def test_a_night_names_both_days() -> None:
    starts, ends = datetime.fromisoformat("2027-06-21T22:00"), datetime.fromisoformat("2027-06-22T01:00")
    assert moments.span(starts, ends, "Pacific/Noumea", "fr").whole == (
        "du lundi 21 juin 2027 22:00 au mardi 22 juin 2027 01:00, heure de Nouvelle-Calédonie"
    )


def test_every_zone_of_the_network_has_its_words() -> None:
    from contracts.territories import TERRITORIES

    zones = {zone for territory in TERRITORIES.values() for zone in territory.timezones}
    assert all(moments.is_worded(zone) for zone in zones)


class _Page(HTMLParser):
    """What a reader and a screen reader find in a mail."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.headings: list[str] = []
        self.links: list[str] = []
        self.language = ""
        self.text = ""
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._hidden = tag in ("style", "title")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")
        if tag == "html":
            self.language = dict(attrs)["lang"] or ""

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data
