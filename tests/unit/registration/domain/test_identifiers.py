"""Numbers of firms: the vectors of each register, and the traps people and programs fall into."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabularies import IDENTIFIER_SCHEMES
from services.registration.domain.identifiers import BadIdentifier, Identifier, read_identifier

DIGITS = st.text(alphabet="0123456789", min_size=1, max_size=16)
SCHEMES = st.sampled_from(sorted(IDENTIFIER_SCHEMES))


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("siren", "732829320"),
        ("siret", "73282932000074"),
        ("siret", "13002526500013"),
        ("siret", "35600000000048"),  # head office of La Poste
        ("siret", "35600000001555"),  # La Poste: valid by its own rule, not by Luhn's
        ("ridet", "1234567"),
        ("ridet", "1234567001"),
        ("tahiti", "A12345"),
        ("tahiti", "123456001"),
        ("rna", "W751234567"),
        ("rna", "W9R1011072"),  # La Réunion: a letter in the prefecture
        ("rna", "W2A1000123"),
    ],
)
def test_numbers_that_fit_their_register_are_kept_as_they_are(scheme: str, value: str) -> None:
    assert read_identifier(scheme, value) == Identifier(scheme, value)


@pytest.mark.parametrize(
    ("scheme", "typed"),
    [
        ("siret", "73282932000079"),
        ("siret", "7328293200007"),
        ("siret", "35600000000014"),  # Luhn holds, La Poste's own rule does not
        ("siret", "00000000000000"),
        ("siret", "00000000000018"),  # Luhn holds, the firm is nobody
        ("siren", "000000000"),
        ("siren", "732829321"),
        ("siren", "73282932000074"),
        ("siret", "732829320"),
        ("siret", "732 829 320 00074 bis"),
        ("ridet", "0000000"),
        ("ridet", "0000000001"),
        ("ridet", "12345678"),
        ("tahiti", "000000"),
        ("tahiti", "AB1234"),
        ("tahiti", "1234567"),
        ("rna", "751234567"),
        ("rna", "W000000000"),
        ("rna", "W75123456"),
        ("rna", "WAB1234567"),
        ("siren", ""),
        ("siren", "\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2"),  # superscripts are no digits to write with
        ("siren", "⑦③②⑧②⑨③②⓪"),
        ("none", "732829320"),
        ("duns", "732829320"),
    ],
)
def test_what_breaks_the_rule_of_its_register_is_refused(scheme: str, typed: str) -> None:
    with pytest.raises(BadIdentifier):
        read_identifier(scheme, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "732 829 320 00074",
        "732\u00a0829\u00a0320\u202f00074",
        " 732.829.320-00074 ",
        "\uff17\uff13\uff12\uff18\uff12\uff19\uff13\uff12\uff10\uff10\uff10\uff10\uff17\uff14",  # full-width
        "٧٣٢٨٢٩٣٢٠٠٠٠٧٤",  # Arabic-Indic
        "73282932\uff10\u0660\u0660\u066074",  # mixed
    ],
)
def test_however_it_was_typed_one_spelling_is_kept(typed: str) -> None:
    assert read_identifier("siret", typed).value == "73282932000074"


def test_letters_are_kept_as_capitals() -> None:
    assert read_identifier("rna", "w9r1011072").value == "W9R1011072"
    assert read_identifier("tahiti", "a12345-001").value == "A12345001"


@given(SCHEMES, st.text(max_size=20))
def test_whatever_is_typed_is_kept_in_plain_ascii_or_refused(scheme: str, typed: str) -> None:
    try:
        found = read_identifier(scheme, typed)
    except BadIdentifier:
        return
    assert found.value.isascii()
    assert found.value.isalnum()
    assert found.value == found.value.upper()
    assert read_identifier(scheme, found.value) == found, "what is kept is read as itself"


@given(st.integers(1, 10**8 - 1))
def test_exactly_one_last_digit_makes_a_siren(beginning: int) -> None:
    valid = [digit for digit in range(10) if _fits("siren", f"{beginning:08}{digit}")]
    assert len(valid) == 1


@given(st.integers(1, 10**8 - 1), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(beginning: int, place: int, by: int) -> None:
    siren = next(f"{beginning:08}{digit}" for digit in range(10) if _fits("siren", f"{beginning:08}{digit}"))
    wrong = f"{siren[:place]}{(int(siren[place]) + by) % 10}{siren[place + 1 :]}"
    assert not _fits("siren", wrong)


@given(DIGITS)
def test_a_siret_begins_with_a_siren(digits: str) -> None:
    if _fits("siret", digits):
        assert _fits("siren", digits[:9])


def _fits(scheme: str, typed: str) -> bool:
    try:
        read_identifier(scheme, typed)
    except BadIdentifier:
        return False
    return True


def test_every_scheme_of_the_vocabulary_has_a_rule() -> None:
    numbers = {
        "siret": "73282932000074",
        "siren": "732829320",
        "ridet": "1234567",
        "tahiti": "A12345",
        "rna": "W751234567",
    }
    assert set(numbers) == set(IDENTIFIER_SCHEMES)
    assert all(_fits(scheme, number) for scheme, number in numbers.items())
