"""The notice tells the truth about durations and law, and no published word changes without a new version."""

import re
from datetime import date
from typing import get_args

import pytest

from contracts.fact import Locale
from contracts.retention import Retention
from contracts.territories import TERRITORIES
from services.registration import notices
from services.registration.notices import Law
from services.registration.notices.consents import consent_texts
from services.registration.notices.notice import Notice, law_of
from services.registration.notices.versions import fingerprint

LANGUAGES: tuple[Locale, ...] = get_args(Locale)
LAWS: tuple[Law, ...] = get_args(Law)


def shown(language: Locale = "fr", law: Law = "rgpd", retention: Retention | None = None) -> Notice:
    return notices.notice(
        language=language, controllers=["CCI de Mayotte", "Bpifrance"], retention=retention or Retention(), law=law
    )


def words(notice: Notice) -> str:
    parts = [notice.short.purpose, notice.short.optional, notice.short.duration, notice.short.rights]
    for section in notice.sections:
        parts += [section.heading, *section.paragraphs]
        parts += [text for p in section.purposes for text in (p.what, p.data, p.basis, p.kept)]
    return "\n".join(parts)


@pytest.mark.parametrize("name", list(notices.versions()))
def test_a_published_notice_does_not_change_without_a_new_version(name: str) -> None:
    assert notices.versions()[name].fingerprint == fingerprint(name)


def test_a_published_consent_does_not_change_without_a_new_version() -> None:
    for texts in consent_texts().values():
        assert [text.sha256 for text in texts] == [text.fingerprint() for text in texts]


def test_the_fingerprint_notices_one_changed_word() -> None:
    text = notices.consent("newsletter")
    assert text.model_copy(update={"en": text.en.replace("meetups", "parties")}).fingerprint() != text.fingerprint()


def test_a_version_holds_from_its_day_on() -> None:
    oldest = next(iter(notices.versions().values()))
    assert notices.current_version(oldest.valid_from) == oldest.name
    assert notices.current_version() == list(notices.versions())[-1]
    assert notices.current_version(date(2100, 1, 1)) == notices.current_version()


@pytest.mark.parametrize("language", LANGUAGES)
def test_durations_are_those_that_the_jobs_apply(language: Locale) -> None:
    changed = Retention(
        unconfirmed_days=5,
        access_needs_days=3,
        attendance_months=18,
        consents_months=48,
        deliveries_months=7,
        accesses_months=9,
    )
    said = words(shown(language, retention=changed)).replace("\u00a0", " ")
    expected = {
        "fr": ("5 jours", "3 jours", "18 mois", "4 ans", "7 mois", "9 mois"),
        "en": ("5 days", "3 days", "18 months", "4 years", "7 months", "9 months"),
    }
    assert all(duration in said for duration in expected[language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("law", LAWS)
def test_every_wording_says_what_a_notice_must(language: Locale, law: Law) -> None:
    said = words(shown(language, law))
    assert "{" not in said
    assert "CNIL" in said
    assert "CCI de Mayotte" in said
    assert "Bpifrance" in said
    assert len(shown(language, law).sections[1].purposes) >= 4
    assert ("article 26 du RGPD" in said or "GDPR, article 26" in said) == (law == "rgpd")


def test_territories_with_an_adapted_law_have_their_own_wording() -> None:
    assert {code for code in TERRITORIES if law_of(code) == "adapted"} == {"975", "977", "986", "987", "988"}
    assert law_of("976") == law_of("978") == "rgpd"


def test_both_languages_have_the_same_parts() -> None:
    french, english = shown("fr"), shown("en")
    assert [(s.id, len(s.paragraphs), len(s.purposes)) for s in french.sections] == [
        (s.id, len(s.paragraphs), len(s.purposes)) for s in english.sections
    ]


def test_french_is_set_as_french_is_set() -> None:
    for law in LAWS:
        said = words(shown("fr", law)) + "".join(t.fr for texts in consent_texts().values() for t in texts)
        assert not re.search(r"[ \u00a0][;:?!»]|«[ \u00a0]|\w'\w", said)


def test_every_box_has_a_text_and_every_version_is_kept() -> None:
    assert tuple(consent_texts()) == notices.PURPOSES
    for purpose in notices.PURPOSES:
        newest = notices.consent(purpose)
        assert notices.consent(purpose, newest.version) is newest
        assert newest.words("fr") != newest.words("en")
        with pytest.raises(notices.UnknownVersion):
            notices.consent(purpose, "1789-07")


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_controller_alone_decides_with_nobody(language: Locale) -> None:
    said = words(notices.notice(language=language, controllers=["CCI de Mayotte"], retention=Retention()))
    assert "CCI de Mayotte." in said
    assert "article 26" not in said


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(notices.UnknownVersion):
        notices.notice("1789-07", language="fr", controllers=["x"], retention=Retention())
