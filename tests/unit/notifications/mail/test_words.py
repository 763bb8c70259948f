"""What mails say. The text parts are kept in `golden/`; `UPDATE_GOLDEN=1` writes them anew, to be read before they are committed."""

import os
import re
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from contracts.fact import Locale
from services.notifications.domain.notices import Facts, Kind
from services.notifications.mail import moments
from services.notifications.mail.rendering import Words, render
from tests.fixtures.letters import COMPOSER, TO_ORGANISATIONS, letter
from tests.fixtures.notifying import meetup

GOLDEN = Path(__file__).parent / "golden"
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
    in_html = set(re.findall(r"\w+", page.text))
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
    else:
        assert ("jeudi 4 février à 09:00" if locale == "fr" else "Thursday 4 February at 09:00") in subject
        assert subject.endswith("CCI de Mayotte")


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
