"""The words of consents: versioned, in both languages, separate for each purpose."""

import pytest

from services.registration.notices.consents import consent, consent_texts, known


def test_each_purpose_is_asked_for_by_itself() -> None:
    assert list(consent_texts()) == ["newsletter", "bpifrance", "providers", "photos"]


@pytest.mark.parametrize("purpose", list(consent_texts()))
def test_words_have_versions_that_are_never_used_twice(purpose: str) -> None:
    versions = [text.version for text in consent_texts()[purpose]]
    assert len(set(versions)) == len(versions)
    assert known(purpose, consent(purpose).version)
    assert not known(purpose, "1999-01")
    assert not known("anything", versions[0])


@pytest.mark.parametrize("purpose", list(consent_texts()))
def test_words_are_there_in_both_languages(purpose: str) -> None:
    for text in consent_texts()[purpose]:
        assert text.words("fr").endswith(".")
        assert text.words("en").endswith(".")
        assert text.words("fr") != text.words("en")
