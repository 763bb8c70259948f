"""References that people read aloud and type."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.references import BITS, PATTERN, read_reference, reference_from

numbers = st.integers(0, 2**BITS - 1)


@given(numbers)
def test_a_reference_is_read_back_however_it_was_typed(number: int) -> None:
    reference = reference_from(number)
    assert re.fullmatch(PATTERN, reference)
    sloppy = reference.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_reference(sloppy) == read_reference(reference) == read_reference(reference[2:]) == reference


@given(numbers, numbers)
def test_two_numbers_never_share_a_reference(one: int, other: int) -> None:
    assert (reference_from(one) == reference_from(other)) == (one == other)


@pytest.mark.parametrize("typed", ["", "R-", "R-7K4QX", "R-7K4QX-9M2TU", "R-7K4QX-9M2TCA", "éàü", "R-7K4QX-9M2T\x00"])
def test_what_cannot_be_a_reference_is_none(typed: str) -> None:
    assert read_reference(typed) is None


def test_a_number_of_more_bits_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="50 bits"):
        reference_from(2**BITS)
