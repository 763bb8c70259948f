"""The code of a ticket."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.tickets import LENGTH, address, code_from, read_code


@given(st.uuids())
def test_a_code_is_read_as_it_was_written_alone_and_in_its_address(ticket: UUID) -> None:
    assert len(code_from(ticket)) == LENGTH
    assert read_code(code_from(ticket)) == ticket
    assert read_code(f" {address(ticket, public_url='https://rencontres.example')}\n") == ticket


@pytest.mark.parametrize(
    "scanned",
    ["", "R-7K4QX-9M2TC", "https://rencontres.example/b/", "Z" * LENGTH, "0" * 25, "0" * 27, "https://x/b/" + "u" * 26, "é" * 26],
)  # fmt: skip
def test_anything_else_is_no_code(scanned: str) -> None:
    assert read_code(scanned) is None
