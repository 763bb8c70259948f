"""Codes are stable and short, labels are there in both languages."""

from typing import get_args

import pytest

from contracts import vocabularies
from contracts.meetup import MeetupState
from contracts.vocabularies import ATTENDANCE_MODES, HEADCOUNTS, Vocabulary

ALL = [value for value in vars(vocabularies).values() if isinstance(value, Vocabulary)]


def test_the_bands_of_headcount_are_those_of_the_network() -> None:
    assert list(HEADCOUNTS) == ["0", "1-9", "10-49", "50-249", "250-4999", "5000+"]


def test_attendance_modes_are_those_that_an_event_may_carry() -> None:
    assert tuple(ATTENDANCE_MODES) == get_args(MeetupState.model_fields["attendance_mode"].annotation)


@pytest.mark.parametrize("vocabulary", ALL, ids=lambda vocabulary: next(iter(vocabulary)))
def test_every_term_has_a_label_in_french_and_in_english(vocabulary: Vocabulary) -> None:
    assert len(vocabulary) > 0
    for code, term in vocabulary.items():
        assert term.code == code
        assert term.fr.strip() == term.fr != ""
        assert term.en.strip() == term.en != ""
        assert "'" not in term.fr


def test_a_code_of_a_newer_writer_is_shown_as_it_is() -> None:
    assert HEADCOUNTS.label("1-9", "fr") == "1 à 9 salariés"
    assert HEADCOUNTS.label("10000+", "en") == "10000+"
