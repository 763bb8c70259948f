"""Every text exists in every language, says the same with the same values, and is set as its language is set."""

import re
from collections import UserDict
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from string import Formatter

import pytest
from markupsafe import Markup

from contracts.territories import TERRITORIES
from services.registration.pages.catalogue import SOURCE_LANGUAGE, catalogues
from tests.unit.registration.pages.gallery import every_page

LANGUAGES = list(catalogues())


class _Recorded(UserDict[str, tuple[Markup, ...]]):
    """Texts that remember which of them were read."""

    def __init__(self, texts: Mapping[str, tuple[Markup, ...]]) -> None:
        super().__init__(texts)
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> tuple[Markup, ...]:
        self.read.add(key)
        return super().__getitem__(key)


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name} - {"n"}


def test_french_comes_first_and_english_is_there() -> None:
    assert LANGUAGES[:2] == ["fr", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_misses_a_text(language: str) -> None:
    missing = catalogues()[SOURCE_LANGUAGE].texts.keys() ^ catalogues()[language].texts.keys()
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_takes_the_same_values_in_every_language(language: str) -> None:
    for key, forms in catalogues()[SOURCE_LANGUAGE].texts.items():
        assert _names(forms[-1]) == _names(catalogues()[language].texts[key][-1]), key


def test_no_text_is_left_over() -> None:
    texts = _Recorded(catalogues()[SOURCE_LANGUAGE].texts)
    every_page(replace(catalogues()[SOURCE_LANGUAGE], texts=texts))
    made_of_codes = (
        "clock.",
        "filter.",
        "group.",
        "feeds.",
        "beginning.because",
        "form.error.",
        "calendar.",
        "moment.",
        "problem.",
    )
    assert [key for key in texts if key not in texts.read and not key.startswith(made_of_codes)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_clock_of_every_zone_has_a_name(language: str) -> None:
    zones = {zone for territory in TERRITORIES.values() for zone in territory.timezones}
    assert {zone for zone in zones if not catalogues()[language].knows(f"clock.{zone}")} == set()


def test_french_is_set_with_narrow_spaces_and_curly_apostrophes() -> None:
    for key, forms in catalogues()["fr"].texts.items():
        for form in forms:
            words = re.sub(r"<[^>]*>", "", form)
            assert not re.search(r"[ \u00a0][;:?!»]|«[ \u00a0]|\w'\w", words), key
            assert not re.search(r"\w[?!;]", words), key
            assert "..." not in words, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_every_state_can_be_made(language: str) -> None:
    for name, html in every_page(catalogues()[language]).items():
        assert f'<html lang="{language}">' in html, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_never_skip_a_level(language: str) -> None:
    for name, html in every_page(catalogues()[language]).items():
        levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
        assert levels.count(1) == 1, name
        main = levels[levels.index(1) :]
        assert all(after - before <= 1 for before, after in pairwise(main)), (name, levels)
