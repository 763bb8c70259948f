"""Codes of private meetups: typed from paper, kept as hashes, good for so many and so long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.invitations import BITS, Invitation, code_from, code_hash

NOW = datetime(2027, 1, 1, tzinfo=UTC)
INVITATION = Invitation(
    id=UUID(int=1), label="Adhérents", max_uses=None, used=3, expires_at=None, created_at=NOW - timedelta(days=1)
)
numbers = st.integers(0, 2**BITS - 1)


@given(numbers)
def test_a_code_is_read_however_it_was_typed(number: int) -> None:
    code = code_from(number)
    sloppy = f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    assert code_hash(sloppy) == code_hash(code) == code_hash(code.replace("-", ""))


@given(numbers, numbers)
def test_two_codes_never_share_a_hash(one: int, other: int) -> None:
    assert (code_hash(code_from(one)) == code_hash(code_from(other))) == (one == other)


@pytest.mark.parametrize("typed", ["", "7K4Q", "7K4Q-X9M2-TC3VA", "7K4Q-X9M2-TC3U", "éàü", "7K4Q-X9M2-TC3\x00", "=1+1"])
def test_what_cannot_be_a_code_has_no_hash(typed: str) -> None:
    assert code_hash(typed) is None


def test_a_code_opens_until_its_end_and_for_so_many() -> None:
    assert INVITATION.opens(now=NOW)
    assert replace(INVITATION, max_uses=4).opens(now=NOW)
    assert not replace(INVITATION, max_uses=3).opens(now=NOW)
    assert replace(INVITATION, expires_at=NOW + timedelta(seconds=1)).opens(now=NOW)
    assert not replace(INVITATION, expires_at=NOW).opens(now=NOW)
